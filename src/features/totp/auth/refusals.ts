/** Refusals of second factors: logged with a hint, counted, and sent as a code with a sentence. */
import { APIError } from 'better-auth/api';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { counterName } from '../counters.js';
import { codeOfReason, reasons, type FactorReasonName } from '../reasons.js';

const statusNames = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  500: 'INTERNAL_SERVER_ERROR',
} as const;

export type Refuse = ReturnType<typeof createRefuse>;

export function createRefuse({ count, logger, scopes }: AuthDependencies) {
  /** @param details shown in the response and the log. @returns the error to throw */
  return function refuse(
    reason: FactorReasonName,
    details: Readonly<Record<string, number>> = {},
  ): APIError {
    const scope = scopes.getStore();
    const { requestId, userId } = scope ?? {};
    const { fix, message, status } = reasons[reason];
    if (scope !== undefined && status === 500) scope.hasNamedFailure = true;
    count?.(counterName, reason);
    const fields = { requestId, userId, reason, ...details, hint: fix };
    logger[status === 500 ? 'error' : 'info'](fields, 'second factor refused');
    if (status === 500 && scope !== undefined) scope.failureReason = reason;
    return new APIError(statusNames[status], {
      code: codeOfReason(reason),
      message,
      reason,
      requestId,
      ...details,
    });
  };
}
