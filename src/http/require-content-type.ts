/** Rejects bodies of other content types than those listed. Runs after the body was read. */
import type { RequestHandler } from 'express';
import { sendError } from './send-error.js';

/**
 * BetterAuth looks for the allowed types anywhere in Content-Type and fails with 500 on
 * `multipart/form-data, application/json`.
 */
export function requireContentType(...types: readonly string[]): RequestHandler {
  return function rejectOtherTypes(req, res, next) {
    const hasBody = Buffer.isBuffer(req.body) && req.body.length > 0;
    if (hasBody && !req.is([...types])) sendError(res, 'UNSUPPORTED_MEDIA_TYPE');
    else next();
  };
}
