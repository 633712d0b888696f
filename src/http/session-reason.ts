/** Tells a verdict: the reason in a header for whoever asked, the evidence in the log line for the operator. */
import type { Response } from 'express';
import type { ErrorCode } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { maskText } from '../log/mask.js';
import type { InspectSession, Verdict } from '../session/inspector.js';
import type { CredentialHeaders } from '../session/credential.js';
import { isSignedIn, reasonTable, type Reason } from '../session/reasons.js';
import type { CountSecretUse } from '../session/secret-use.js';
import { recordDurationOf } from './durations.js';
import { inspectInTime } from './inspect-in-time.js';
import { addLogFields, noteUnavailable } from './request-log.js';
import { sendError } from './send-error.js';

export interface SessionReasonDependencies {
  readonly inspect: InspectSession;
  readonly countSecretUse: CountSecretUse;
  readonly logger: Logger;
  /** The longest a request waits for the database, in milliseconds. */
  readonly deadlineMs: number;
}

/** Inspects the request's credential, sets `x-session-reason` and notes the evidence for the log. */
export async function tellSessionReason(
  headers: CredentialHeaders,
  res: Response,
  { inspect, countSecretUse, deadlineMs }: SessionReasonDependencies,
): Promise<Verdict> {
  const verdict = await inspectInTime(inspect, headers, deadlineMs, recordDurationOf(res));
  if (isSignedIn(verdict.reason)) countSecretUse(verdict.secretVersion); // a dead one holds up no rotation
  res.setHeader('x-session-reason', verdict.reason);
  addLogFields(res, {
    reason: verdict.reason,
    ...(verdict.hint && { hint: verdict.hint }),
    ...(verdict.source && { source: verdict.source }),
    ...(verdict.cookieName && { cookieName: shownName(verdict.cookieName) }),
    ...(verdict.valueLength !== undefined && { valueLength: verdict.valueLength }),
    ...(verdict.tokenFingerprint && { tokenFingerprint: verdict.tokenFingerprint }),
    ...(verdict.secretVersion !== undefined && { secretVersion: verdict.secretVersion }),
  });
  if (verdict.error !== undefined) {
    noteUnavailable(res, verdict.error);
  }
  return verdict;
}

/** A caller that forwards the value without a name makes the value the name. */
function shownName(cookieName: string): string {
  return maskText(cookieName).slice(0, 80);
}

export type UnavailableReason = 'database_unavailable' | 'service_busy';

const unavailableCodes = {
  database_unavailable: 'DATABASE_UNAVAILABLE',
  service_busy: 'SERVICE_BUSY',
} as const satisfies Record<UnavailableReason, ErrorCode>;

/** Whether nobody can tell: neither "signed in" nor "signed out" would be true. */
export function isUnavailable(reason: Reason): reason is UnavailableReason {
  return reason in unavailableCodes;
}

/** Answers 503 with the code of what could not be asked. */
export function sendUnavailable(res: Response, reason: UnavailableReason): void {
  sendError(res, unavailableCodes[reason], res.hasHeader('x-session-reason') ? { reason } : {});
}

/** Takes back the reason that was told, where the answer itself was left out: nobody can tell after all. */
export function retractSessionReason(res: Response, reason: UnavailableReason): void {
  if (!res.hasHeader('x-session-reason')) return;
  res.setHeader('x-session-reason', reason);
  addLogFields(res, { reason, hint: reasonTable[reason].fix });
}
