/** What a caller who is not signed in may know: the reason and, if the session has ended, when and from which device. */
import type { Verdict } from '../session/inspector.js';
import { reasonTable, type Reason } from '../session/reasons.js';
import type { EndReason } from '../session/session-end.js';

export interface NotSignedInFields {
  readonly message: string;
  readonly reason: Reason;
  readonly ended?: { readonly at: string; readonly device?: string };
}

/** Beginnings of a sentence that continues with the time and the device. */
const sentences: Readonly<Record<EndReason, string>> = {
  session_signed_out: 'This session was signed out',
  session_revoked: 'This session was ended',
  session_replaced: 'This session was replaced by a newer one',
  session_ended_by_password_change: 'This session ended because the password was changed',
  session_ended_by_reset: 'This session ended because the password was reset',
  session_ended_by_operator: 'An administrator ended this session',
  session_idle: 'This session had not been used for too long, and expired',
  session_absolute: 'This session reached its maximum lifetime, and expired',
  session_expired: 'The second factor was not given in time: this sign-in expired',
  user_locked: 'An administrator locked this account',
  user_deleted: 'This account was deleted, or its deletion was scheduled,',
};

/** @param verdict on a credential whose signature is verified, if it has an end: nobody else may know more than the reason */
export function notSignedInFields(verdict: Verdict): NotSignedInFields {
  const { reason } = verdict;
  const ended = verdict.signedIn ? undefined : verdict.ended;
  if (ended === undefined) {
    return { message: `Not signed in: ${reasonTable[reason].meaning}.`, reason };
  }
  const { at, device } = ended;
  const from = device === undefined ? '' : `, from ${device}`;
  return {
    message: `${sentences[ended.reason]} on ${describeMinute(at)}${from}.`,
    reason,
    ended: { at: at.toISOString(), ...(device !== undefined && { device }) },
  };
}

/** Like `28 November 2026 at 20:14 UTC`. */
function describeMinute(time: Date): string {
  const date = time.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return `${date} at ${time.toISOString().slice(11, 16)} UTC`;
}
