/**
 * What can keep a user out: a closed list. `npm run docs` writes the table in docs/explain.md from it. The reasons of
 * session checks that say how a session ended are diagnoses of their own.
 */
import { endReasons, reasonTable, type EndReason } from '../../../session/reasons.js';

interface DiagnosisEntry {
  /** A clause without a full stop. */
  readonly meaning: string;
  /** The one thing to do. */
  readonly fix: string;
}

/** These are about the account: diagnoses below. */
type AccountEnd = 'user_locked' | 'user_deleted';
type SessionDiagnosis = Exclude<EndReason, AccountEnd>;

const unlock = 'npm run user -- unlock EMAIL';
const mailFix = 'see the reason in the story, and npm run doctor';

const own = {
  signed_in: {
    meaning: 'nothing keeps the user out: the latest sign-in succeeded, and its session is live',
    fix: 'if a page says otherwise, run npm run doctor against it',
  },
  able_to_sign_in: {
    meaning: 'nothing that is recorded keeps the user out, but no session is live',
    fix: 'ask the user to sign in now, then run this again; with AUDIT=off nothing is recorded',
  },
  no_account: {
    meaning: 'there is no account with this address',
    fix: 'compare the spelling with the mail of the sign-up; if the account should exist, DATABASE_URL points to another database or branch',
  },
  nothing_found: {
    meaning: 'the trail has nothing with this id',
    fix: 'compare the id; events are kept for AUDIT_DAYS, successful session checks are not recorded, and DATABASE_URL may point to another database',
  },
  account_deleted: {
    meaning: 'the account was deleted',
    fix: 'the user signs up again',
  },
  deletion_scheduled: {
    meaning: 'the deletion of the account is scheduled, which ended its sessions',
    fix: 'the user signs in, which calls the deletion off (DELETE_GRACE_DAYS)',
  },
  user_locked: {
    meaning: 'an operator has locked the account',
    fix: `${unlock}, if the user may sign in again`,
  },
  limited_account: {
    meaning: 'the user entered too many wrong passwords and has to wait',
    fix: `wait, or ${unlock} (LIMIT_PAUSE, RATE_LIMIT_SIGN_IN_PER_ACCOUNT)`,
  },
  limited_by_others: {
    meaning:
      'somebody else guesses the password, so networks and browsers that the account is not known from have to wait',
    fix: `the user signs in from a known browser or network, or ${unlock} (RATE_LIMIT_SIGN_IN_PER_ACCOUNT)`,
  },
  limited_network: {
    meaning: 'too many requests came from the network of the user',
    fix: 'wait; if many users share the network, raise LIMIT_NETWORK and RATE_LIMIT_SIGN_IN_PER_ADDRESS; behind a proxy check CLIENT_IP_HEADER',
  },
  limited_second_factor: {
    meaning: 'too many wrong codes were entered',
    fix: `wait, or ${unlock} (LIMIT_PAUSE)`,
  },
  wrong_password: {
    meaning: 'the password was wrong',
    fix: 'the user resets the password, or npm run user -- set-password EMAIL',
  },
  wrong_password_since_change: {
    meaning: 'the password was wrong, and it was changed before: the user may enter the old one',
    fix: 'the user enters the new password or resets it; a browser may still fill in the old one',
  },
  no_password: {
    meaning: 'the account has no password: it signs in another way',
    fix: 'the user signs in that way, or sets a password with a reset by mail or npm run user -- set-password EMAIL',
  },
  password_refused: {
    meaning: 'the new password was refused',
    fix: 'the user chooses another one (BREACHED_PASSWORDS decides about breached ones)',
  },
  verification_mail_failed: {
    meaning: 'the address is not confirmed, and the mail with the link was not delivered',
    fix: mailFix,
  },
  verification_mail_pending: {
    meaning: 'the address is not confirmed, and the mail with the link is not sent yet',
    fix: mailFix,
  },
  verification_mail_limited: {
    meaning: 'the address is not confirmed, and too many mails were asked for',
    fix: 'the user waits ten minutes, then asks for one mail',
  },
  verification_mail_missing: {
    meaning: 'the address is not confirmed, and no mail with a link is recorded',
    fix: 'the user asks for a mail: POST /api/auth/send-verification-email (EMAIL_VERIFICATION)',
  },
  verification_link_unused: {
    meaning: 'the address is not confirmed: the link was mailed, and nobody has used it yet',
    fix: 'the user opens the link in the mail; look in the spam folder (EMAIL_VERIFICATION=required)',
  },
  verification_link_expired: {
    meaning: 'the address is not confirmed: the link was mailed, and expired unused',
    fix: 'the user asks for a new mail, and opens it within ten minutes (EMAIL_VERIFICATION=required)',
  },
  mail_failed: { meaning: 'the mail that the user waits for was not delivered', fix: mailFix },
  mail_pending: { meaning: 'the mail that the user waits for is not sent yet', fix: mailFix },
  mail_limited: {
    meaning: 'the user asked for too many mails',
    fix: 'the user waits ten minutes, then asks for one mail',
  },
  mailed_link_unused: {
    meaning: 'a link or code was mailed, and nobody has used it yet',
    fix: 'the user opens the newest mail; look in the spam folder',
  },
  mailed_link_expired: {
    meaning: 'a link or code was mailed, and expired unused',
    fix: 'the user asks for a new one, and uses it within ten minutes',
  },
  mailed_link_refused: {
    meaning: 'a mailed link or code was refused',
    fix: 'the user asks for a new one',
  },
  second_factor_due: {
    meaning: 'the first factor was right, and the second one was not given yet',
    fix: 'the page should ask for it: POST /api/auth/two-factor/verify-totp (SECOND_FACTOR); a user who has lost it: npm run user -- remove-factor EMAIL',
  },
  second_factor_enrolment_due: {
    meaning: 'the first factor was right, and the user has to set up a second one first',
    fix: 'the page should offer it: POST /api/auth/two-factor/enable (SECOND_FACTOR=required)',
  },
  second_factor_refused: {
    meaning: 'the second factor was refused',
    fix: 'a backup code, or npm run user -- remove-factor EMAIL',
  },
  second_factor_clock_differs: {
    meaning: 'the clock of the device with the authenticator app is wrong',
    fix: 'set the clock of the device automatically; if it happens to all users, the clock of this server',
  },
  second_factor_unreadable: {
    meaning: 'the secret of the authenticator app cannot be decrypted',
    fix: 'add the previous secret to BETTER_AUTH_SECRETS again; otherwise npm run user -- remove-factor EMAIL',
  },
  passkey_refused: { meaning: 'a passkey was refused', fix: 'see the reason in the story' },
  passkey_rp_mismatch: {
    meaning: 'the passkey belongs to another domain than RP_ID',
    fix: 'restore the RP_ID with which the passkeys were created',
  },
  provider_failed: {
    meaning: 'the sign-in at an identity provider did not succeed',
    fix: 'see the reason in the story',
  },
  captcha_refused: {
    meaning: 'the captcha was not solved',
    fix: 'the page should show the captcha and repeat the request; check CAPTCHA_SITE_KEY',
  },
  captcha_unavailable: {
    meaning: 'the captcha could not be checked',
    fix: 'see the reason in the story (CAPTCHA_ON_OUTAGE, CAPTCHA_SECRET_KEY)',
  },
  origin_untrusted: {
    meaning: 'the page that the user signs in on is no trusted origin',
    fix: 'add its exact origin to BETTER_AUTH_TRUSTED_ORIGINS: scheme, host and port',
  },
  request_refused: {
    meaning: 'a request of the sign-in was refused',
    fix: 'see the reason in the story, and the log lines with its request id',
  },
  cookie_blocked: {
    meaning:
      'after the sign-in, requests of a page on another site came without the cookie, probably from this user’s browser',
    fix: "the page should send credentials: 'include'; its origin should be in BETTER_AUTH_TRUSTED_ORIGINS (SameSite=None); a browser that blocks third-party cookies needs a site under the same domain, or BEARER_TOKENS=on",
  },
  cookie_not_sent: {
    meaning:
      'after the sign-in, requests of the page came without the cookie, probably from this user’s browser',
    fix: "the page should send credentials: 'include', at the sign-in too; a proxy should pass on Set-Cookie; compare the host with BETTER_AUTH_URL and COOKIE_DOMAIN",
  },
  api_gets_no_cookie: {
    meaning:
      'the sign-in succeeded, but a server asks about sessions without a cookie: probably the API’s host is outside the cookie’s domain',
    fix: 'set COOKIE_DOMAIN to the common parent domain of this service and the API, and forward the cookie',
  },
  secret_changed: {
    meaning: 'the cookie was signed with a secret that the service does not use any more',
    fix: 'add the previous secret to BETTER_AUTH_SECRETS; otherwise the user signs in again',
  },
  cookie_renamed: {
    meaning:
      'the browser has a session cookie under a name that the service does not use (any more)',
    fix: 'BETTER_AUTH_URL should have the scheme that browsers use; the user signs in again',
  },
  duplicate_cookies: {
    meaning: 'the browser sends several session cookies, of which an older one hides the valid one',
    fix: 'the user signs out and in, which expires the older one; it has another Domain (COOKIE_DOMAIN)',
  },
  cookie_damaged: {
    meaning:
      'the session cookie arrives damaged: a caller or proxy between browser and service changes it',
    fix: 'forward the Cookie header unchanged; the reason in the story says what changed',
  },
  bearer_refused: {
    meaning: 'the bearer token was refused',
    fix: 'send the value of the set-auth-token header unchanged, and set BEARER_TOKENS=on',
  },
  other_database: {
    meaning: 'the cookie is valid, but this database never had its session',
    fix: 'compare DATABASE_URL of all instances and environments: another database, a branch, or a restored backup',
  },
  service_unavailable: {
    meaning: 'the service could not ask its database',
    fix: 'DATABASE_URL: see `cause` in the log lines, and docs/database-unavailable.md',
  },
  limits_unavailable: {
    meaning: 'the service could not count attempts, so it allowed none',
    fix: 'REDIS_URL: see `cause` in the log lines, and docs/features/redis-limits.md',
  },
  service_busy: {
    meaning: 'the service had too much to do',
    fix: 'add CPU or instances: see docs/performance.md',
  },
  service_failed: {
    meaning: 'a request failed because of a fault of the service',
    fix: 'see the log line with the same request id',
  },
} as const satisfies Readonly<Record<string, DiagnosisEntry>>;

export type DiagnosisCode = keyof typeof own | SessionDiagnosis;

const sessionEnds = Object.fromEntries(
  endReasons
    .filter((reason) => reason !== 'user_locked' && reason !== 'user_deleted')
    .map((reason) => [
      reason,
      { meaning: reasonTable[reason].meaning, fix: reasonTable[reason].fix },
    ]),
) as Record<SessionDiagnosis, DiagnosisEntry>;

export const diagnoses: Readonly<Record<DiagnosisCode, DiagnosisEntry>> = {
  ...own,
  ...sessionEnds,
};

export function isSessionEnd(reason: string): reason is SessionDiagnosis {
  return Object.hasOwn(sessionEnds, reason);
}
