/** Which diagnosis a reason leads to, where the reason decides. */
import { flowReasons, providerCodePrefix } from '../../flow-reasons.js';
import { isSessionEnd, type DiagnosisCode } from './diagnoses.js';
import type { StoryKind } from './story.js';

type Codes = Readonly<Partial<Record<string, DiagnosisCode>>>;

const ofChecks: Codes = {
  bad_signature: 'secret_changed',
  wrong_cookie_name: 'cookie_renamed',
  duplicate_cookies: 'duplicate_cookies',
  malformed_cookie: 'cookie_damaged',
  double_encoded: 'cookie_damaged',
  plus_became_space: 'cookie_damaged',
  cookies_joined: 'cookie_damaged',
  unsigned_token: 'cookie_damaged',
  bearer_not_enabled: 'bearer_refused',
  bearer_malformed: 'bearer_refused',
  bearer_bad_signature: 'bearer_refused',
  session_not_found: 'other_database',
  user_not_found: 'account_deleted',
  second_factor_required: 'second_factor_due',
  second_factor_enrolment_required: 'second_factor_enrolment_due',
};

const ofRequests: Codes = {
  invalid_origin: 'origin_untrusted',
  missing_or_null_origin: 'origin_untrusted',
  passkey_origin_mismatch: 'origin_untrusted',
  passkey_rp_mismatch: 'passkey_rp_mismatch',
  captcha_required: 'captcha_refused',
  captcha_wrong: 'captcha_refused',
  captcha_expired: 'captcha_refused',
  captcha_used: 'captcha_refused',
  captcha_unavailable: 'captcha_unavailable',
  captcha_secret_wrong: 'captcha_unavailable',
  totp_clock_differs: 'second_factor_clock_differs',
  totp_secret_unreadable: 'second_factor_unreadable',
  password_breached: 'password_refused',
  password_too_common: 'password_refused',
  password_too_short: 'password_refused',
  password_too_long: 'password_refused',
};

/** Reasons that last as long as their cause, which is the service's. */
export const outages: Codes = {
  database_unavailable: 'service_unavailable',
  service_unavailable: 'service_unavailable',
  limits_unavailable: 'limits_unavailable',
  sign_in_busy: 'service_busy',
  service_busy: 'service_busy',
};

/** @returns undefined if the reason alone decides nothing */
export function codeOfCheck(reason: string): DiagnosisCode | undefined {
  return isSessionEnd(reason) ? reason : ofChecks[reason];
}

/** A refused or failed request of a sign-in. */
export function codeOfRefusal(kind: StoryKind, reason: string): DiagnosisCode {
  const known = ofRequests[reason];
  if (known !== undefined) return known;
  if (kind === 'provider_sign_in' || reason.startsWith(providerCodePrefix))
    return 'provider_failed';
  if (Object.hasOwn(flowReasons.factor, reason)) return 'second_factor_refused';
  if (Object.hasOwn(flowReasons.passkey, reason)) return 'passkey_refused';
  if (/^(?:link|code)_/.test(reason)) return 'mailed_link_refused';
  return 'request_refused';
}
