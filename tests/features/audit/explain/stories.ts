/**
 * The stories that the tests of this folder make with a running service, by breaking one thing at a time: what keeps the
 * user out, and what its fix names. `npm run docs` writes the table in docs/explain.md from it.
 */
import type { DiagnosisCode } from '../../../../src/features/audit/explain/diagnoses.js';

/** Title → the diagnosis, and a part of its fix. */
export const stories = {
  'a user who is signed in': ['signed_in', 'npm run doctor'],
  'a user who signed up and out': ['session_signed_out', 'sign in again'],
  'a session that another device ended': ['session_revoked', 'sign in again'],
  'a caller with an older copy of the cookie': ['session_replaced', 'latest sign-in'],
  'a session ended by a change of the password': [
    'session_ended_by_password_change',
    'new password',
  ],
  'a session ended by an operator': ['session_ended_by_operator', 'sign in again'],
  'a session that was not used for too long': ['session_idle', 'SESSION_IDLE_DAYS'],
  'a session that was too old': ['session_absolute', 'SESSION_ABSOLUTE_DAYS'],
  'a cookie that is cut short': ['cookie_damaged', 'Cookie header'],
  'a cookie that is encoded twice': ['cookie_damaged', 'encoding'],
  'a cookie whose plus signs became spaces': ['cookie_damaged', 'form-decode'],
  'cookies joined by commas': ['cookie_damaged', 'semicolon'],
  'the token of the JSON in place of the cookie': ['cookie_damaged', 'set-auth-token'],
  'a bearer token where none is accepted': ['bearer_refused', 'BEARER_TOKENS'],
  'a session that this database never had': ['other_database', 'DATABASE_URL'],
  'an older cookie that hides the valid one': ['duplicate_cookies', 'COOKIE_DOMAIN'],
  'a page on another site whose cookie is blocked': ['cookie_blocked', "credentials: 'include'"],
  'a page that does not send the cookie': ['cookie_not_sent', "credentials: 'include'"],
  'an API that never gets the cookie': ['api_gets_no_cookie', 'COOKIE_DOMAIN'],
  'a database that is away': ['service_unavailable', 'DATABASE_URL'],
  'an address without an account': ['no_account', 'spelling'],
  'a wrong password': ['wrong_password', 'set-password'],
  'the old password after a change': ['wrong_password_since_change', 'new password'],
  'wrong passwords of the user': ['limited_account', 'LIMIT_PAUSE'],
  'wrong passwords of somebody else': ['limited_by_others', 'RATE_LIMIT_SIGN_IN_PER_ACCOUNT'],
  'a guesser elsewhere while the user is signed in': ['signed_in', 'npm run doctor'],
  'a network with too many sign-ins': ['limited_network', 'LIMIT_NETWORK'],
  'a locked account': ['user_locked', 'unlock'],
  'an account that its user deleted': ['account_deleted', 'signs up again'],
  'an account whose deletion is scheduled': ['deletion_scheduled', 'DELETE_GRACE_DAYS'],
  'a page whose origin is not trusted': ['origin_untrusted', 'BETTER_AUTH_TRUSTED_ORIGINS'],
  'a password that is refused': ['password_refused', 'BREACHED_PASSWORDS'],
  'a captcha that was not solved': ['captcha_refused', 'captcha'],
  'a user who has only a provider': ['no_password', 'reset'],
  'an address that is not confirmed': ['verification_link_unused', 'EMAIL_VERIFICATION'],
  'an address whose link expired': ['verification_link_expired', 'EMAIL_VERIFICATION'],
  'a verification mail that no server takes': ['verification_mail_pending', 'transport'],
  'a verification mail whose recipient is refused': ['verification_mail_failed', 'mailbox'],
  'too many verification mails': ['verification_mail_limited', 'ten minutes'],
  'a verification mail that was never written': [
    'verification_mail_missing',
    'send-verification-email',
  ],
  'a sign-in link that is not opened': ['mailed_link_unused', 'newest mail'],
  'a sign-in link that was used before': ['mailed_link_refused', 'new link'],
  'a reset mail that is refused as spam': ['mail_failed', 'SPF'],
  'a link that was opened, but not confirmed': ['verification_link_unused', 'opens the link'],
  'a user who was imported and has not signed in': ['able_to_sign_in', 'sign in now'],
  'a session ended by a reset of the password': ['session_ended_by_reset', 'new password'],
  'a second factor that is not given': ['second_factor_due', 'SECOND_FACTOR'],
  'a second factor that is not set up': ['second_factor_enrolment_due', 'SECOND_FACTOR=required'],
  'a wrong second factor': ['second_factor_refused', 'remove-factor'],
  'an authenticator app with a wrong clock': ['second_factor_clock_differs', 'clock'],
  'an authenticator app of another secret': ['second_factor_unreadable', 'BETTER_AUTH_SECRETS'],
  'too many wrong second factors': ['limited_second_factor', 'unlock'],
  'a second factor that came too late': ['session_expired', 'sign in again'],
  'a passkey that was removed': ['passkey_refused', 'device'],
  'a passkey of another domain': ['passkey_rp_mismatch', 'RP_ID'],
  'a code of a sign-in that was redeemed before': ['provider_failed', 'again'],
  'a visitor who cancelled at the provider': ['provider_failed', 'provider'],
  'a provider that does not answer': ['provider_failed', 'provider'],
  'an instance with another secret': ['secret_changed', 'BETTER_AUTH_SECRETS'],
  'a cookie of http after a move to https': ['cookie_renamed', 'BETTER_AUTH_URL'],
} as const satisfies Readonly<Record<string, readonly [DiagnosisCode, string]>>;

/**
 * Kind of event and reason → the same, for reasons that no story above has. Each test makes its reason and finds it in the
 * diagnosis.
 */
export const reasonStories = {
  'mail connection_lost': ['verification_mail_pending', 'log of the mail server'],
  'mail authentication': ['verification_mail_pending', 'SMTP_URL'],
  'mail sender_refused': ['verification_mail_pending', 'MAIL_FROM'],
  'mail greylisted': ['verification_mail_pending', 'wait'],
  'mail rate_limited': ['verification_mail_pending', 'mail provider'],
  'mail provider_unavailable': ['verification_mail_pending', 'status page'],
  'mail undecryptable': ['verification_mail_failed', 'BETTER_AUTH_SECRETS'],
  'mail expired_unsent': ['verification_mail_failed', 'attempts before'],
  'sign_in link_replaced': ['mailed_link_refused', 'newest mail'],
  'sign_in link_expired': ['mailed_link_refused', 'new link'],
  'sign_in totp_replayed': ['second_factor_refused', 'next code'],
  'sign_in backup_code_wrong': ['second_factor_refused', 'newest list'],
  'sign_in backup_code_used': ['second_factor_refused', 'another backup code'],
  'sign_in passkey_user_not_verified': ['passkey_refused', 'screen lock'],
  'provider_sign_in client_secret_wrong': ['provider_failed', '_CLIENT_SECRET'],
  'provider_sign_in redirect_uri_mismatch': ['provider_failed', 'redirect URI'],
  'provider_sign_in provider_error': ['provider_failed', 'status page'],
  'provider_sign_in id_token_invalid': ['provider_failed', 'clock of this host'],
  'provider_sign_in verifier_wrong': ['provider_failed', 'one tab'],
} as const satisfies Readonly<Record<string, readonly [DiagnosisCode, string]>>;

export type ReasonStory = keyof typeof reasonStories;

export type StoryTitle = keyof typeof stories;
