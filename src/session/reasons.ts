/**
 * Every possible result of a session check: the single table used by the header, the log line, /session, the doctor and
 * docs/why-is-my-session-null.md. `meaning` is public; `fix` names the setting for the operator.
 */

interface ReasonEntry {
  /** HTTP status of /session for this reason. */
  readonly status: 200 | 401 | 503;
  readonly meaning: string;
  readonly fix: string;
}

export const reasonTable = {
  valid: {
    status: 200,
    meaning: 'valid signature, session found, not expired, user present',
    fix: '',
  },
  valid_previous_secret: {
    status: 200,
    meaning: 'as valid, but signed with an older secret of BETTER_AUTH_SECRETS',
    fix: 'remove the old secret from BETTER_AUTH_SECRETS when these stop',
  },
  no_credential: {
    status: 401,
    meaning: 'no session cookie under any name and no bearer token',
    fix: 'sign in; if the user did, the cookie does not reach this service',
  },
  wrong_cookie_name: {
    status: 401,
    meaning: 'a session cookie arrived under a name that this deployment does not use',
    fix: 'BETTER_AUTH_URL has another scheme than when the cookie was set, or a proxy renames cookies',
  },
  unsigned_token: {
    status: 401,
    meaning: 'the raw token of the sign-in JSON was sent instead of the signed cookie',
    fix: 'send the cookie unchanged, or the value of the set-auth-token header',
  },
  malformed_cookie: {
    status: 401,
    meaning: 'the cookie is not a token, a dot and a signature of 44 characters',
    fix: 'look at the code that rebuilds the Cookie header: it should forward it unchanged',
  },
  double_encoded: {
    status: 401,
    meaning: 'the cookie was percent-encoded twice; decoded again it verifies',
    fix: 'the caller should forward the cookie without encoding it',
  },
  plus_became_space: {
    status: 401,
    meaning: 'the + signs of the signature became spaces; restored it verifies',
    fix: 'the caller should not form-decode the cookie',
  },
  duplicate_cookies: {
    status: 401,
    meaning: 'several cookies of this name arrived; the first does not verify, another one does',
    fix: 'expire the older one: it has another Domain, Path or Partitioned attribute (COOKIE_DOMAIN)',
  },
  cookies_joined: {
    status: 401,
    meaning: 'the cookies were joined by commas, and the session cookie is inside another one',
    fix: 'the proxy or code that merges Cookie headers should join them with a semicolon and a space',
  },
  bad_signature: {
    status: 401,
    meaning: 'well-formed, but no secret of this deployment signed it',
    fix: 'BETTER_AUTH_SECRET differs from the one that signed; compare the fingerprints in the startup reports',
  },
  session_signed_out: {
    status: 401,
    meaning: 'the user signed out of this session',
    fix: 'sign in again',
  },
  session_revoked: {
    status: 401,
    meaning:
      'the session was ended from another session, or because somebody else may have had access',
    fix: 'sign in again; endedBySession in the log line is the session whose request ended it',
  },
  session_replaced: {
    status: 401,
    meaning: 'a newer session of the same browser has replaced this one',
    fix: 'the caller should send the cookie or token of the latest sign-in or proof, not an older copy',
  },
  session_ended_by_password_change: {
    status: 401,
    meaning: 'the session ended because the password was changed',
    fix: 'sign in again with the new password',
  },
  session_ended_by_reset: {
    status: 401,
    meaning: 'the session ended because the password was reset by mail',
    fix: 'sign in again with the new password',
  },
  session_ended_by_operator: {
    status: 401,
    meaning: 'an administrator ended the session',
    fix: 'sign in again',
  },
  session_idle: {
    status: 401,
    meaning: 'the session has expired, because it was not used for too long',
    fix: 'sign in again; the limit is SESSION_IDLE_DAYS. If it expired too early, compare the clocks',
  },
  session_absolute: {
    status: 401,
    meaning: 'the session has expired, because it reached its maximum lifetime',
    fix: 'sign in again; the limit is SESSION_ABSOLUTE_DAYS. If it expired too early, compare the clocks',
  },
  session_expired: {
    status: 401,
    meaning: 'the sign-in has expired, because its second factor was not given in time',
    fix: 'sign in again; if it expired too early, compare the clocks',
  },
  session_not_found: {
    status: 401,
    meaning:
      'the signature is valid, but this database knows no such session, neither active nor ended',
    fix: 'DATABASE_URL points to another database or branch, the database was restored from a backup, or the row was deleted by hand',
  },
  user_locked: {
    status: 401,
    meaning: 'an administrator has locked the account, which ended the session',
    fix: 'npm run user -- unlock EMAIL, if the user may sign in again',
  },
  user_deleted: {
    status: 401,
    meaning: 'the account was deleted, or its deletion was scheduled, which ended the session',
    fix: 'if the deletion is only scheduled, signing in calls it off',
  },
  second_factor_required: {
    status: 401,
    meaning: 'the first factor was verified, but the second one was not yet',
    fix: 'the page should ask for the second factor: POST /api/auth/two-factor/verify-totp',
  },
  second_factor_enrolment_required: {
    status: 401,
    meaning: 'the first factor was verified, but the user must set up a second one first',
    fix: 'the page should offer to set one up: POST /api/auth/two-factor/enable',
  },
  user_not_found: {
    status: 401,
    meaning: 'the session exists, but its user does not',
    fix: 'sign in again; a deleted user should have no sessions, so check the foreign key',
  },
  bearer_not_enabled: {
    status: 401,
    meaning: 'a bearer token was sent, but this deployment does not accept any',
    fix: 'send the cookie, or enable bearer tokens at this service',
  },
  bearer_malformed: {
    status: 401,
    meaning: 'the Authorization header holds no signed token',
    fix: 'send Authorization: Bearer and the value of the set-auth-token header',
  },
  bearer_bad_signature: {
    status: 401,
    meaning: 'no secret of this deployment signed the bearer token',
    fix: 'BETTER_AUTH_SECRET differs from the one that signed; compare the fingerprints',
  },
  database_unavailable: {
    status: 503,
    meaning: 'the database could not be queried, so the session could not be checked',
    fix: 'see /ready and DATABASE_URL',
  },
  service_busy: {
    status: 503,
    meaning: 'the service was too busy to check the session in time',
    fix: 'try again after Retry-After; if it persists, give the service more processors or instances',
  },
} as const satisfies Record<string, ReasonEntry>;

export type Reason = keyof typeof reasonTable;

/** Replaces the table's `fix` for reasons whose setting belongs to a feature. */
export type ReasonFixes = Readonly<Partial<Record<Reason, string>>>;

/** What to change, with the name of the setting if there is one. */
export function fixFor(reason: Reason, fixes: ReasonFixes = {}): string {
  return fixes[reason] ?? reasonTable[reason].fix;
}

/** Whether the caller is signed in. */
export function isSignedIn(reason: Reason): boolean {
  return reasonTable[reason].status === 200;
}

/** The reasons that a session can end with. A sign-in whose second factor was not given in time is `session_expired`. */
export const endReasons = [
  'session_signed_out',
  'session_revoked',
  'session_replaced',
  'session_ended_by_password_change',
  'session_ended_by_reset',
  'session_ended_by_operator',
  'session_idle',
  'session_absolute',
  'session_expired',
  'user_locked',
  'user_deleted',
] as const satisfies readonly Reason[];

export type EndReason = (typeof endReasons)[number];

export function isEndReason(value: string): value is EndReason {
  return (endReasons as readonly string[]).includes(value);
}
