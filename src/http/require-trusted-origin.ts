/** Rejects POST requests from pages whose origin is not trusted. Exact string comparison. */
import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';
import { isAppOrigin } from '../config/app-origin.js';
import type { IsTrustedOrigin } from '../config/trusted-origin.js';
import { sendError } from './send-error.js';

/**
 * BetterAuth parses the Origin before comparing, so it accepts `HTTP://…`, `…/` and `user@…`, which no browser sends
 * (ASVS 3.4.2). A missing Origin and `null` are left to BetterAuth, which recognises same-site pages without one.
 */
export function requireTrustedOrigin(isTrusted: IsTrustedOrigin): RequestHandler {
  return function rejectOtherOrigins(req, res, next) {
    req.headers.origin ??= expoOrigin(req.headers);
    const { origin = 'null' } = req.headers;
    if (req.method === 'GET' || origin === 'null' || isTrusted(origin)) next();
    else sendError(res, 'INVALID_ORIGIN');
  };
}

/**
 * What a native application sends instead of an Origin: Expo's client (@better-auth/expo) sends its scheme. A web page
 * cannot: a form cannot set this header, and a script's request triggers a preflight and carries the page's own Origin.
 */
function expoOrigin(headers: IncomingHttpHeaders): string | undefined {
  const named = headers['expo-origin'];
  if (typeof named !== 'string') return undefined;
  // A web origin in this header is never legitimate: it would impersonate a trusted page.
  return isAppOrigin(named.replace(/(?<=:\/\/).*$/s, '')) ? named : undefined;
}
