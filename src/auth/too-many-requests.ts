/** The 429 of every limit. */
import { APIError } from 'better-auth/api';
import { errorTable } from '../errors.js';
import type { LimitHit, RequestScope } from '../request-scope.js';

/** The settings of the limits of an account, where no limit per address is counted with them. */
export const accountVariables = {
  account_network: 'LIMIT_PAUSE',
  account: 'RATE_LIMIT_SIGN_IN_PER_ACCOUNT',
  address: undefined,
} as const;

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
