/** Reports a session check: the reason in a header for the caller, the evidence in the log line for the operator. */
import type { ErrorCode } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { maskText } from '../log/mask.js';
import type { InspectSession, Verdict } from '../session/inspector.js';
import type { CredentialHeaders } from '../session/credential.js';
import { reasonTable, type Reason } from '../session/reasons.js';
import type { CountSecretUsage } from '../session/secret-usage.js';
import { recordDurationOf } from './durations.js';
import { inspectWithTimeout } from './inspect-with-timeout.js';
import type { MiddlewareResponse } from './middleware.js';
import { addLogFields, recordUnavailable } from './request-log.js';
import { sendError } from './send-error.js';

export interface SessionReasonDependencies {
  readonly inspect: InspectSession;
  readonly countSecretUsage: CountSecretUsage;
  readonly logger: Logger;
  /** The maximum time a request waits for the database, in milliseconds. */
  readonly deadlineMs: number;
}

/** Inspects the request's credential, sets `x-session-reason` and adds the evidence to the log line. */
export async function setSessionReasonHeader(
  headers: CredentialHeaders,
  res: MiddlewareResponse,
  { inspect, countSecretUsage, deadlineMs }: SessionReasonDependencies,
): Promise<Verdict> {
  const verdict = await inspectWithTimeout(inspect, headers, deadlineMs, recordDurationOf(res));
  if (verdict.signedIn) countSecretUsage(verdict.secretVersion); // an ended session does not delay rotation
  res.setHeader('x-session-reason', verdict.reason);
  addLogFields(res, {
    reason: verdict.reason,
    ...(verdict.hint && { hint: verdict.hint }),
    ...(verdict.source && { source: verdict.source }),
    ...(verdict.cookieName && { cookieName: maskedName(verdict.cookieName) }),
    ...(verdict.valueLength !== undefined && { valueLength: verdict.valueLength }),
    ...(verdict.tokenFingerprint && { tokenFingerprint: verdict.tokenFingerprint }),
    ...(verdict.secretVersion !== undefined && { secretVersion: verdict.secretVersion }),
  });
  if (!verdict.signedIn && verdict.ended !== undefined) {
    const { at, bySession } = verdict.ended;
    addLogFields(res, {
      endedAt: at.toISOString(),
      ...(bySession !== undefined && { endedBySession: bySession }),
    });
  }
  if (!verdict.signedIn && verdict.error !== undefined) {
    recordUnavailable(res, verdict.error);
  }
  return verdict;
}

/** If a caller forwards only the value, the value is parsed as the name. */
function maskedName(cookieName: string): string {
  return maskText(cookieName).slice(0, 80);
}

export type UnavailableReason = 'database_unavailable' | 'service_busy';

const unavailableCodes = {
  database_unavailable: 'DATABASE_UNAVAILABLE',
  service_busy: 'SERVICE_BUSY',
} as const satisfies Record<UnavailableReason, ErrorCode>;

/** Whether the session could not be checked: it is unknown whether the caller is signed in. */
export function isUnavailable(reason: Reason): reason is UnavailableReason {
  return reason in unavailableCodes;
}

/** Answers 503 with the code of what was unavailable. */
export function sendUnavailable(res: MiddlewareResponse, reason: UnavailableReason): void {
  sendError(res, unavailableCodes[reason], res.hasHeader('x-session-reason') ? { reason } : {});
}

/** Replaces a reason that was already set, because the response was discarded after an outage. */
export function overrideSessionReason(res: MiddlewareResponse, reason: UnavailableReason): void {
  if (!res.hasHeader('x-session-reason')) return;
  res.setHeader('x-session-reason', reason);
  addLogFields(res, { reason, hint: reasonTable[reason].fix });
}
