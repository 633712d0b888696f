/** Maps thrown errors to entries of the error table; details go only to the log. */
import type { ErrorCode } from '../errors.js';
import type { Logger } from '../log/logger.js';
import type { ErrorMiddleware } from './middleware.js';
import { requestIdOf } from './request-id.js';
import { sendError } from './send-error.js';

export function errorHandler(logger: Logger): ErrorMiddleware {
  return function handleError(error: unknown, _req, res, next) {
    const code = codeFor(error);
    if (code === 'INTERNAL_ERROR') {
      logger.error({ err: error, requestId: requestIdOf(res) }, 'request failed');
    }
    if (res.headersSent) {
      next(error); // the response is partly sent: Express closes the connection
      return;
    }
    sendError(res, code);
  };
}

/** Express's parsers mark client errors with a 4xx status. */
function codeFor(error: unknown): ErrorCode {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  if (status === 413) return 'BODY_TOO_LARGE';
  return status >= 400 && status < 500 ? 'INVALID_REQUEST' : 'INTERNAL_ERROR';
}
