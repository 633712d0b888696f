/** Refuses a change asked for by a page whose origin is not on the list, letter by letter. */
import type { RequestHandler } from 'express';
import type { IsTrustedOrigin } from '../config/trusted-origin.js';
import { sendError } from './send-error.js';

/**
 * BetterAuth parses the Origin before it compares, so `HTTP://…`, `…/` and `user@…` pass there, which no browser
 * sends (ASVS 3.4.2). A missing one and `null` are left to it: it tells a page of our own that hides its origin apart.
 */
export function exactOrigin(isTrusted: IsTrustedOrigin): RequestHandler {
  return function refuseOtherOrigins(req, res, next) {
    const { origin = 'null' } = req.headers;
    if (req.method === 'GET' || origin === 'null' || isTrusted(origin)) next();
    else sendError(res, 'INVALID_ORIGIN');
  };
}
