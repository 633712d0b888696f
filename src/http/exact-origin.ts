/** Refuses a change asked for by a page whose origin is not on the list, letter by letter. */
import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';
import { isAppOrigin } from '../config/app-origin.js';
import type { IsTrustedOrigin } from '../config/trusted-origin.js';
import { sendError } from './send-error.js';

/**
 * BetterAuth parses the Origin before it compares, so `HTTP://…`, `…/` and `user@…` pass there, which no browser
 * sends (ASVS 3.4.2). A missing one and `null` are left to it: it tells a page of our own that hides its origin apart.
 */
export function exactOrigin(isTrusted: IsTrustedOrigin): RequestHandler {
  return function refuseOtherOrigins(req, res, next) {
    req.headers.origin ??= expoOrigin(req.headers);
    const { origin = 'null' } = req.headers;
    if (req.method === 'GET' || origin === 'null' || isTrusted(origin)) next();
    else sendError(res, 'INVALID_ORIGIN');
  };
}

/**
 * What a native application sends instead of an Origin: Expo's client names its scheme so (@better-auth/expo). No page
 * can: a form sets no header of this name, and for a script's the browser asks first, and adds the page's own Origin.
 */
function expoOrigin(headers: IncomingHttpHeaders): string | undefined {
  const named = headers['expo-origin'];
  if (typeof named !== 'string') return undefined;
  // A web origin under this name is nobody's: it would pass for a page that is on the list.
  return isAppOrigin(named.replace(/(?<=:\/\/).*$/s, '')) ? named : undefined;
}
