/** What one event says about whether the user can get in. */
import { clock } from './clock.js';
import { codeOfCheck, codeOfRefusal, outages } from './code-of-reason.js';
import { diagnoseVerification } from './diagnose-mail.js';
import { isSessionEnd } from './diagnoses.js';
import { diagnosis, diagnosisOf } from './diagnosis.js';
import { createsSession, isSignIn, timeOf, type EventRow, type Facts } from './facts.js';
import { cookieVariables, sinceChange } from './lost-cookie.js';
import type { Diagnosis, ExplainOptions } from './story.js';

/** So long an outage is taken for one that lasts: nothing is recorded when it ends. */
const outageMs = 10 * 60_000;

const ofSignIn: readonly string[] = [
  'sign_up',
  'sign_in',
  'second_factor',
  'provider_sign_in',
  'email_verification',
  'password_reset',
  'password_reset_request',
  'email_verification_request',
  'sign_in_link_request',
  'sign_in_code_request',
  'request',
];

const passwordChanges: readonly string[] = ['password_change', 'password_reset', 'password_set'];

type Options = Pick<ExplainOptions, 'now' | 'settings'>;

/** @returns undefined if the event decides nothing: an older one may */
export function diagnoseEvent(
  event: EventRow,
  facts: Facts,
  options: Options,
): Diagnosis | undefined {
  const { kind, outcome, reason } = event;
  if (kind === 'mail') return undefined; // the outbox says what became of it
  if (outcome === 'refused' || outcome === 'failed') {
    if (reason === null) return undefined;
    if (reason in outages || (outcome === 'failed' && reason !== 'totp_secret_unreadable')) {
      return diagnoseOutage(event, reason, options.now);
    }
    if (kind === 'session_check') return diagnoseCheck(event, reason, facts);
    return ofSignIn.includes(kind) ? diagnoseRefusal(event, reason, facts, options) : undefined;
  }
  if (kind === 'account_deletion_request' && facts.user?.deleteAfter) {
    return diagnosis('deletion_scheduled', {
      details: [`it will be deleted after ${facts.user.deleteAfter.toISOString().slice(0, 10)}`],
    });
  }
  if (outcome === 'pending') return diagnosePending(event, facts);
  if (createsSession(event)) return diagnoseSession(event, facts);
  if (kind === 'second_factor' || kind === 'step_up' || kind === 'sign_out') {
    return diagnoseSession(event, facts);
  }
  if (kind === 'sign_up' && facts.user?.emailVerified === false) {
    const isRequired = options.settings.isVerificationRequired === true;
    return isRequired ? diagnoseVerification(facts, options.now) : undefined;
  }
  return undefined;
}

function diagnoseOutage(event: EventRow, reason: string, now: Date): Diagnosis | undefined {
  if (now.getTime() - timeOf(event).getTime() > outageMs) return undefined;
  const code =
    event.kind === 'provider_sign_in' && !(reason in outages) ? 'provider_failed' : outages[reason];
  return diagnosisOf(code ?? 'service_failed', event.kind, reason);
}

function diagnoseCheck(event: EventRow, reason: string, facts: Facts): Diagnosis | undefined {
  const code = codeOfCheck(reason);
  if (code === undefined) return undefined;
  if (isSessionEnd(reason)) {
    return isSuperseded(event, reason, facts) ? undefined : endOf(event.session, reason, facts);
  }
  switch (code) {
    case 'secret_changed':
      return diagnosis(code, {
        details: [sinceChange(facts, ['BETTER_AUTH_SECRET', 'BETTER_AUTH_SECRETS'])],
      });
    case 'cookie_renamed':
      return diagnosis(code, { details: [sinceChange(facts, ['BETTER_AUTH_URL'])] });
    case 'duplicate_cookies':
      return diagnosis(code, { details: [sinceChange(facts, cookieVariables)] });
    case 'other_database':
      return diagnosis(code, { details: [sinceChange(facts, ['DATABASE_URL'])] });
    case 'cookie_damaged':
    case 'bearer_refused':
      return diagnosisOf(code, 'session_check', reason);
    case 'second_factor_due':
    case 'second_factor_enrolment_due':
      return facts.sessions.some(({ due }) => due !== null) ? diagnosis(code) : undefined;
    default:
      return diagnosis(code);
  }
}

/** The same browser has signed in again since, and something sends its old cookie. */
function isSuperseded(
  event: EventRow,
  reason: string,
  { events, sessions, endings }: Facts,
): boolean {
  if (reason === 'session_replaced') return false;
  const endedAt = event.session === null ? undefined : endings.get(event.session)?.at;
  return events.some(
    (one) =>
      isSignIn(one) &&
      one.device === event.device &&
      one.network === event.network &&
      timeOf(one) > (endedAt ?? event.at) &&
      sessions.some(({ fingerprint, due }) => fingerprint === one.session && due === null),
  );
}

function endOf(session: string | null, reason: string, { endings }: Facts): Diagnosis | undefined {
  if (!isSessionEnd(reason)) return undefined;
  const ending = session === null ? undefined : endings.get(session);
  const details = [
    ending && `it ended at ${ending.at.toISOString().slice(0, 10)} ${clock(ending.at)}`,
    ending?.device ? `by a request from ${ending.device}` : undefined,
  ];
  return diagnosis(reason, { details });
}

/** Of a session that was created: whether it is live, or how it ended. */
function diagnoseSession({ session }: EventRow, facts: Facts): Diagnosis | undefined {
  const { sessions, endings } = facts;
  const live = sessions.filter(({ due }) => due === null);
  const ending = session === null ? undefined : endings.get(session);
  const isLive = live.some(({ fingerprint }) => fingerprint === session);
  if (
    isLive ||
    (live.length > 0 && (ending === undefined || ending.reason === 'session_replaced'))
  ) {
    return diagnosis('signed_in');
  }
  return ending && endOf(session, ending.reason, facts);
}

function diagnosePending({ session, reason }: EventRow, facts: Facts): Diagnosis | undefined {
  const isWaiting = facts.sessions.some(
    ({ fingerprint, due }) => due !== null && (session === null || fingerprint === session),
  );
  if (!isWaiting) return diagnoseSession({ session } as EventRow, facts);
  return diagnosis(
    reason === 'second_factor_enrolment_required'
      ? 'second_factor_enrolment_due'
      : 'second_factor_due',
    { details: facts.secondFactors },
  );
}

function diagnoseRefusal(
  event: EventRow,
  reason: string,
  facts: Facts,
  { now, settings }: Options,
): Diagnosis | undefined {
  const { kind } = event;
  const { user } = facts;
  switch (reason) {
    case 'wrong_password':
      return isGuess(event, facts) ? undefined : diagnoseWrongPassword(event, facts);
    case 'unknown_account':
    case 'user_locked':
    case 'address_taken':
      return undefined; // the state of the account says it
    case 'limit_account':
    case 'limit_network': {
      const { windowSeconds } = reason === 'limit_network' ? settings.network : settings.account;
      const until = new Date(timeOf(event).getTime() + windowSeconds * 1000);
      if (reason === 'limit_account' || until <= now || isGuess(event, facts)) return undefined;
      return diagnosis('limited_network', { details: [`until ${clock(until)} at the latest`] });
    }
    case 'email_not_verified':
    case 'passkey_email_not_verified':
      return user?.emailVerified === false ? diagnoseVerification(facts, now) : undefined;
    default:
      return diagnosisOf(codeOfRefusal(kind, reason), kind, reason, [
        event.site === null ? undefined : `on ${event.site}`,
      ]);
  }
}

/** A refused attempt from where the user never signed in, while the user is signed in. */
function isGuess({ device, network }: EventRow, { events, sessions }: Facts): boolean {
  if (!sessions.some(({ due }) => due === null)) return false;
  return !events.some((one) => isSignIn(one) && one.device === device && one.network === network);
}

function diagnoseWrongPassword(
  event: EventRow,
  { events, hasPassword, providers, user }: Facts,
): Diagnosis | undefined {
  if (user === undefined) return undefined;
  if (!hasPassword) {
    const how = providers.length === 0 ? undefined : `its logins are at ${providers.join(', ')}`;
    return diagnosis('no_password', { details: [how] });
  }
  const older = events.filter((one) => timeOf(one) <= timeOf(event));
  const changed = older.find(
    ({ kind, outcome }) => passwordChanges.includes(kind) && outcome === 'success',
  );
  const latest = older.find(isSignIn);
  const signedIn =
    latest && `the last sign-in was at ${latest.at.toISOString().slice(0, 10)} ${clock(latest.at)}`;
  // A sign-in after the change used the new password.
  if (changed === undefined || (latest !== undefined && latest.at > timeOf(changed))) {
    return diagnosis('wrong_password', { details: [signedIn] });
  }
  const when = `it changed at ${changed.at.toISOString().slice(0, 10)} ${clock(changed.at)}`;
  return diagnosis('wrong_password_since_change', { details: [when, signedIn] });
}
