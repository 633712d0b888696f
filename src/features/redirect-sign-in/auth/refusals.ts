/** Refusals of the endpoints: logged with a hint, counted, and sent as a code with a sentence. */
import { APIError } from 'better-auth/api';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { counterName } from '../counters.js';
import { codeOfReason, reasons, type RedirectReasonName } from '../reasons.js';

const statusNames = {
  400: 'BAD_REQUEST',
  403: 'FORBIDDEN',
  409: 'CONFLICT',
  429: 'TOO_MANY_REQUESTS',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
} as const;

/** What the page can offer to somebody who has to prove an address or an account. */
export interface NextStep {
  /** Sign in with the password of the account, then redeem again. */
  readonly password: boolean;
  /** Ask for a mail that proves the address. */
  readonly mail: boolean;
  /** An address must be entered. */
  readonly email: boolean;
  /** What the provider said, to fill in the form. */
  readonly address?: string | undefined;
}

export type Refuse = ReturnType<typeof createRefuse>;

export function createRefuse({ count, logger, scopes }: AuthDependencies) {
  /** @returns the error to throw */
  return function refuse(
    reason: RedirectReasonName,
    provider: string | undefined,
    next?: NextStep,
  ): APIError {
    const { requestId, userId } = scopes.getStore() ?? {};
    const { fix, message, status } = reasons[reason];
    const code = codeOfReason(reason);
    count?.(counterName, reason);
    logger.info(
      { requestId, userId, provider, redirect: 'failed', reason, code, hint: fix },
      'redirect refused',
    );
    return new APIError(statusNames[status], {
      code,
      message,
      reason,
      requestId,
      ...(next && { next }),
    });
  };
}
