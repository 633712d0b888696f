/** Refuses methods that a route does not answer, TRACE among them (ASVS 13.4.4). */
import type { RequestHandler } from 'express';
import { sendError } from './send-error.js';

/** Refuses with 405 and Allow whatever is not listed. OPTIONS is answered by CORS before this. */
export function allowedMethods(...methods: readonly string[]): RequestHandler {
  return function refuseOtherMethods(req, res, next) {
    if (methods.includes(req.method)) {
      next();
      return;
    }
    res.setHeader('Allow', methods.join(', '));
    sendError(res, 'METHOD_NOT_ALLOWED');
  };
}
