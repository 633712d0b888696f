/** Refusals with a reason of a feature's table: logged with a hint, counted, and sent as a code with a sentence. */
import { APIError } from 'better-auth/api';
import type { AuthDependencies } from './auth-dependencies.js';

const statusNames = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  429: 'TOO_MANY_REQUESTS',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
} as const;

export interface RefusalTable<Reason extends string> {
  readonly reasons: Readonly<
    Record<
      Reason,
      {
        readonly status: keyof typeof statusNames;
        /** For visitors. */
        readonly message: string;
        /** For the log: what to change. */
        readonly fix: string;
      }
    >
  >;
  readonly codeOfReason: (reason: Reason) => string;
  /** Of the counter, whose values are the reasons. */
  readonly counterName: string;
  /** Of the log line. */
  readonly logMessage: string;
}

export interface RefusalDetails {
  readonly logged?: object;
  readonly shown?: object;
}

/** @returns a function that logs and counts a refusal, and returns the error to throw */
export function createNamedRefusals<Reason extends string>(
  { count, logger, scopes }: Pick<AuthDependencies, 'count' | 'logger' | 'scopes'>,
  { reasons, codeOfReason, counterName, logMessage }: RefusalTable<Reason>,
) {
  return function refuse(reason: Reason, { logged, shown }: RefusalDetails = {}): APIError {
    const scope = scopes.getStore();
    const { requestId, userId } = scope ?? {};
    const { fix, message, status } = reasons[reason];
    const code = codeOfReason(reason);
    count?.(counterName, reason);
    const fields = { requestId, userId, reason, code, hint: fix, ...logged };
    logger[status === 500 ? 'error' : 'info'](fields, logMessage);
    if (status >= 500 && scope !== undefined) scope.failureReason = reason;
    return new APIError(statusNames[status], { code, message, reason, requestId, ...shown });
  };
}
