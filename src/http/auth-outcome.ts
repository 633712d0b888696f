/** What became of a request to `/api/auth/*`, and the one place where that is answered. */
import type { Response as ExpressResponse } from 'express';
import { isServiceBusy } from '../event-loop.js';
import type { Logger } from '../log/logger.js';
import type { RequestScope } from '../request-scope.js';
import { SignInBusyError } from './password-admission.js';
import { requestIdOf } from './request-id.js';
import { noteUnavailable } from './request-log.js';
import { sendError } from './send-error.js';
import { retractSessionReason, sendUnavailable, type UnavailableReason } from './session-reason.js';
import { sendWebResponse } from './web-response.js';

export type AuthOutcome =
  /** A step has answered already. */
  | { readonly kind: 'answered' }
  | { readonly kind: 'not_found' }
  /** BetterAuth's answer, below 500. */
  | { readonly kind: 'answer'; readonly answer: Response }
  /** Too many hash passwords: nothing was done. */
  | { readonly kind: 'sign_in_busy' }
  /** Nobody can tell, whatever BetterAuth made of it (401, a cleared cookie, even success). */
  | {
      readonly kind: 'unavailable';
      readonly reason: UnavailableReason;
      readonly error: unknown;
    }
  /** The database refused a value of the request. */
  | { readonly kind: 'rejected'; readonly error: unknown }
  | { readonly kind: 'failed'; readonly status: number };

/**
 * Why nobody can tell.
 * @param error what the database, or the wait for it, ended with; or who was not let in
 */
export function outcomeOfError(error: unknown): AuthOutcome {
  if (error instanceof SignInBusyError) return { kind: 'sign_in_busy' };
  const reason = isServiceBusy(error) ? 'service_busy' : 'database_unavailable';
  return { kind: 'unavailable', reason, error };
}

/** What BetterAuth's answer is worth, where nothing was unavailable meanwhile. */
export function outcomeOfAnswer(answer: Response, { rejected }: RequestScope): AuthOutcome {
  const { status } = answer;
  if (status < 500) return { kind: 'answer', answer };
  return rejected === undefined
    ? { kind: 'failed', status }
    : { kind: 'rejected', error: rejected };
}

export async function sendOutcome(
  outcome: AuthOutcome,
  res: ExpressResponse,
  logger: Logger,
): Promise<void> {
  const requestId = requestIdOf(res);
  switch (outcome.kind) {
    case 'answered':
      return;
    case 'not_found':
      sendError(res, 'NOT_FOUND');
      return;
    case 'answer':
      await sendWebResponse(outcome.answer, res);
      return;
    case 'sign_in_busy':
      sendError(res, 'SIGN_IN_BUSY');
      return;
    case 'unavailable':
      noteUnavailable(res, outcome.error);
      retractSessionReason(res, outcome.reason);
      sendUnavailable(res, outcome.reason);
      return;
    case 'rejected':
      // At info: it is the visitor's input, which alarms nobody.
      logger.info({ err: outcome.error, requestId }, 'the database refused a value of the request');
      sendError(res, 'INVALID_REQUEST');
      return;
    case 'failed':
      logger.error({ requestId, status: outcome.status }, 'auth failed');
      sendError(res, 'INTERNAL_ERROR');
  }
}
