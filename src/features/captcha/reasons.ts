/** Why a captcha is asked for, refused or not checked. */
import type { ErrorEntry } from '../../errors.js';

export const errors = {
  CAPTCHA_REQUIRED: { status: 403, message: 'Solve the captcha, and send the request again.' },
  CAPTCHA_WRONG: { status: 403, message: 'The captcha was not solved. Try again.' },
  CAPTCHA_EXPIRED: { status: 403, message: 'The captcha has expired. Solve the new one.' },
  CAPTCHA_USED: { status: 403, message: 'The captcha was used already. Solve the new one.' },
  CAPTCHA_UNAVAILABLE: {
    status: 403,
    message: 'The captcha cannot be checked at this moment. Try again later.',
  },
  CAPTCHA_SECRET_WRONG: {
    status: 403,
    message: 'The captcha cannot be checked: the service is misconfigured.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;

export const reasons = {
  captcha_required: {
    meaning: 'half of a limit is used up, and the request has no token',
    fix: 'nothing: the page shows the captcha and repeats the request with `x-captcha-response`',
  },
  captcha_wrong: {
    meaning: 'the token is not valid, or was solved on a site that is not trusted',
    fix: 'if it is frequent: check that CAPTCHA_SITE_KEY belongs to CAPTCHA_SECRET_KEY, and that the hostname of the page is one of BETTER_AUTH_TRUSTED_ORIGINS',
  },
  captcha_expired: {
    meaning:
      'the token is older than five minutes; Turnstile says the same of a token that was used',
    fix: 'nothing: the page solves a new one',
  },
  captcha_used: {
    meaning: 'the token was used for an earlier request',
    fix: 'nothing: the page solves a new one for each request',
  },
  captcha_unavailable: {
    meaning:
      'the provider could not be reached within two seconds, or its response has another format',
    fix: 'allow outgoing HTTPS to the provider, or use CAPTCHA=altcha; CAPTCHA_ON_OUTAGE decides what happens meanwhile',
  },
  captcha_secret_wrong: {
    meaning: 'the provider does not accept the secret key',
    fix: 'set CAPTCHA_SECRET_KEY to the secret key that belongs to CAPTCHA_SITE_KEY',
  },
} as const;

export type CaptchaReason = keyof typeof reasons;

export function errorCodeOf(reason: CaptchaReason): keyof typeof errors {
  return reason.toUpperCase() as keyof typeof errors;
}
