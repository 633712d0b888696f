/** Refusals of the endpoints: logged with a hint, counted, and sent as a code with a sentence. */
import { APIError } from 'better-auth/api';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { counterName } from '../counters.js';
import { codeOfReason, reasons, type PasskeyReasonName } from '../reasons.js';

const statusNames = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
} as const;

/** For the log only: part of it is the caller's text. */
interface Evidence {
  /** What is wrong with the response. */
  readonly detail?: string;
  /** The page of the ceremony. */
  readonly origin?: string;
}

export type Refuse = ReturnType<typeof createRefuse>;

const longestEvidence = 200;

export function createRefuse({ count, logger, scopes }: AuthDependencies) {
  /** @returns the error to throw */
  return function refuse(reason: PasskeyReasonName, evidence: Evidence = {}): APIError {
    const { requestId, userId } = scopes.getStore() ?? {};
    const { fix, message, status } = reasons[reason];
    const code = codeOfReason(reason);
    const fields = Object.entries(evidence).map(([name, text]: [string, string]) => [
      name,
      text.slice(0, longestEvidence),
    ]);
    count?.(counterName, reason);
    logger.info(
      { requestId, userId, reason, code, hint: fix, ...Object.fromEntries(fields) },
      'passkey refused',
    );
    return new APIError(statusNames[status], { code, message, reason, requestId });
  };
}

/** The message of what a library threw. */
export function detailOf(error: unknown): string {
  return error instanceof Error ? error.message : 'not an Error';
}
