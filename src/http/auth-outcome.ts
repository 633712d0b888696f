/** The outcomes of a request to `/api/auth/*`, and the single place that sends the response for each. */
import type { Response as ExpressResponse } from 'express';
import { isServiceBusy } from '../event-loop.js';
import { findLimitsUnavailable } from '../limit-store.js';
import type { Logger } from '../log/logger.js';
import type { LimitHit, RequestScope } from '../request-scope.js';
import { SignInBusyError } from './request-admission.js';
import { requestIdOf } from './request-id.js';
import { recordUnavailable } from './request-log.js';
import { sendError } from './send-error.js';
import {
  overrideSessionReason,
  sendUnavailable,
  type UnavailableReason,
} from './session-reason.js';
import { sendWebResponse } from './web-response.js';

export type AuthOutcome =
  /** A step has already sent the response. */
  | { readonly kind: 'sent' }
  | { readonly kind: 'not_found' }
  /** BetterAuth's response, status below 500, or a failure with a reason of ours. */
  | {
      readonly kind: 'response';
      readonly response: Response;
      /** The limit that caused a 429. */
      readonly limited?: LimitHit | undefined;
    }
  /** Too many requests that hash passwords: nothing was done. */
  | { readonly kind: 'sign_in_busy' }
  /** Attempts could not be counted: nothing was done. */
  | { readonly kind: 'limits_unavailable'; readonly error: unknown }
  /** Something was unavailable, whatever BetterAuth responded (401, a cleared cookie, even success). */
  | {
      readonly kind: 'unavailable';
      readonly reason: UnavailableReason;
      readonly error: unknown;
    }
  /** The database rejected a value of the request. */
  | { readonly kind: 'rejected'; readonly error: unknown }
  | { readonly kind: 'failed'; readonly status: number };

/** @param error of the database, of the wait for it, of the store of limits, or of request admission */
export function outcomeOfError(error: unknown): AuthOutcome {
  if (error instanceof SignInBusyError) return { kind: 'sign_in_busy' };
  if (findLimitsUnavailable(error) !== undefined) return { kind: 'limits_unavailable', error };
  const reason = isServiceBusy(error) ? 'service_busy' : 'database_unavailable';
  return { kind: 'unavailable', reason, error };
}

/** Classifies BetterAuth's response, given that nothing was unavailable. A 5xx keeps its body only if it is one of our reasons. */
export function outcomeOfResponse(
  response: Response,
  { rejected, limited, failureReason }: RequestScope,
): AuthOutcome {
  const { status } = response;
  if (status < 500 || failureReason !== undefined) return { kind: 'response', response, limited };
  return rejected === undefined
    ? { kind: 'failed', status }
    : { kind: 'rejected', error: rejected };
}

/** @param unavailablePage where an outage sends the browser, if the endpoint is one that browsers visit */
export async function sendOutcome(
  outcome: AuthOutcome,
  res: ExpressResponse,
  logger: Logger,
  unavailablePage?: string,
): Promise<void> {
  const requestId = requestIdOf(res);
  switch (outcome.kind) {
    case 'sent':
      return;
    case 'not_found':
      sendError(res, 'NOT_FOUND');
      return;
    case 'response':
      await sendWebResponse(outcome.response, res, outcome.limited);
      return;
    case 'sign_in_busy':
      sendError(res, 'SIGN_IN_BUSY');
      return;
    case 'limits_unavailable':
      recordUnavailable(res, outcome.error);
      if (unavailablePage === undefined) sendError(res, 'LIMITS_UNAVAILABLE');
      else res.redirect(unavailablePage);
      return;
    case 'unavailable':
      recordUnavailable(res, outcome.error);
      if (unavailablePage !== undefined) {
        res.redirect(unavailablePage);
        return;
      }
      overrideSessionReason(res, outcome.reason);
      sendUnavailable(res, outcome.reason);
      return;
    case 'rejected':
      // Level info: caused by user input, so no alert is needed.
      logger.info(
        { err: outcome.error, requestId },
        'the database rejected a value of the request',
      );
      sendError(res, 'INVALID_REQUEST');
      return;
    case 'failed':
      logger.error({ requestId, status: outcome.status }, 'auth failed');
      sendError(res, 'INTERNAL_ERROR');
  }
}
