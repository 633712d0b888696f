/** Rejects methods that a route does not support, including TRACE (ASVS 13.4.4). */
import type { Middleware } from './middleware.js';
import { sendError } from './send-error.js';

/** Rejects every method that is not listed with 405 and `Allow`. CORS answers OPTIONS earlier. */
export function allowedMethods(...methods: readonly string[]): Middleware {
  return function rejectOtherMethods(req, res, next) {
    if (methods.includes(req.method ?? '')) {
      next();
      return;
    }
    res.setHeader('Allow', methods.join(', '));
    sendError(res, 'METHOD_NOT_ALLOWED');
  };
}
