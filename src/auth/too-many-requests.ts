/** The 429 of every limit. */
import { APIError } from 'better-auth/api';
import { errorTable } from '../errors.js';
import type { LimitHit, RequestScope } from '../request-scope.js';

/** Records the limit for the log and the response's reason. @returns the error to throw */
export function tooManyRequests(scope: RequestScope, hit: LimitHit): APIError {
  scope.limited = hit;
  const { message } = errorTable.TOO_MANY_REQUESTS;
  return new APIError(
    'TOO_MANY_REQUESTS',
    { code: 'TOO_MANY_REQUESTS', message },
    { 'X-Retry-After': String(hit.retryAfterSeconds) },
  );
}
