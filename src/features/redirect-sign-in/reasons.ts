/** Why a redirect signed nobody in: a closed list. `npm run docs` writes the table in docs/features/redirect-sign-in.md. */
import type { ErrorEntry } from '../../errors.js';

/** `message` is for visitors, `fix` for the log: what to change, by the name of the setting. */
interface RedirectReason extends ErrorEntry {
  readonly status: 400 | 403 | 409 | 429 | 500 | 503;
  readonly meaning: string;
  readonly fix: string;
}

const again = 'Start the sign-in again.';

export const reasons = {
  provider_unknown: {
    status: 400,
    message: 'This way to sign in does not exist.',
    meaning: 'the page names a provider that this service does not know',
    fix: 'take the ids from /api/auth/features; a provider of your own needs OIDC_<NAME>_ISSUER',
  },
  provider_not_configured: {
    status: 400,
    message: 'This way to sign in is not available.',
    meaning: 'the provider is known, but its variables are not set',
    fix: 'set its _CLIENT_ID and _CLIENT_SECRET; on Vercel for this environment, then redeploy',
  },
  not_a_visit: {
    status: 400,
    message: 'A sign-in with a provider must open as a page of its own.',
    meaning: 'the start was requested by a frame, an image or a script',
    fix: 'open it as a top-level visit: location.assign, or a link without a frame around',
  },
  return_page_not_allowed: {
    status: 403,
    message: 'The page that asked to sign in is not known to this service.',
    meaning: '`return_to` is not exactly one of the pages in SITE_PAGES',
    fix: 'add the exact URL to SITE_PAGES: scheme, host, path and trailing slash count',
  },
  challenge_invalid: {
    status: 400,
    message: again,
    meaning: '`code_challenge` is missing or not a SHA-256 in base64url',
    fix: 'use the Docusaurus client, or send the SHA-256 of a random verifier in base64url, 43 characters',
  },
  ticket_invalid: {
    status: 400,
    message: 'The request to link this account has expired. Start again on the account page.',
    meaning: 'the ticket of a linking flow is older than ten minutes, or of another challenge',
    fix: 'fetch a new ticket from POST /api/auth/redirect/ticket immediately before the start',
  },
  state_unknown: {
    status: 400,
    message: again,
    meaning: 'the callback has no state that this service wrote, or its secret has changed',
    fix: 'nothing for a made-up request; otherwise keep the previous secret in BETTER_AUTH_SECRETS, and compare BETTER_AUTH_URL with the host that started',
  },
  state_cookie_missing: {
    status: 400,
    message: `This browser did not keep the cookie of the sign-in. ${again}`,
    meaning:
      'the browser that returns is not the one that started, or did not keep the cookie: another host than BETTER_AUTH_URL, http instead of https, an in-app browser, or cookies switched off',
    fix: 'open the start at exactly BETTER_AUTH_URL, over https',
  },
  state_expired: {
    status: 400,
    message: `The sign-in took longer than ten minutes. ${again}`,
    meaning: 'the visitor came back more than ten minutes after the start',
    fix: 'nothing: the visitor starts again',
  },
  state_used: {
    status: 400,
    message: `This sign-in cannot be continued, because its address was opened before. ${again}`,
    meaning: 'the callback was opened again: back button, reload after a failure, copied address',
    fix: 'nothing: if the first one signed in, the page shows it',
  },
  state_of_other_provider: {
    status: 400,
    message: again,
    meaning: 'the answer came to the callback of another provider than the one that was asked',
    fix: 'register for each provider its own redirect URI, which the startup report lists',
  },
  access_denied: {
    status: 400,
    message: 'You cancelled at the provider, or it did not let you in.',
    meaning: 'the visitor cancelled, or the provider does not let this person use the application',
    fix: 'nothing if the visitor cancelled; otherwise see who may use the application at the provider',
  },
  redirect_uri_mismatch: {
    status: 400,
    message: 'The provider refused the sign-in because of a configuration error.',
    meaning: 'the redirect URI is not registered with the provider',
    fix: 'register the redirect URI of the log line with the provider, character by character',
  },
  client_secret_wrong: {
    status: 400,
    message: 'The provider refused the sign-in because of a configuration error.',
    meaning: 'the provider does not accept client id and secret',
    fix: 'copy _CLIENT_ID and _CLIENT_SECRET again; a secret may have expired. For Apple check APPLE_TEAM_ID, APPLE_KEY_ID and APPLE_PRIVATE_KEY',
  },
  provider_unreachable: {
    status: 503,
    message: 'The provider cannot be reached. Try again in a minute.',
    meaning: 'no connection to the provider: DNS, TLS, refused, or closed',
    fix: 'check that this network may connect to the provider, and the issuer in its variable',
  },
  provider_timeout: {
    status: 503,
    message: 'The provider does not respond. Try again in a minute.',
    meaning: 'the provider did not respond within eight seconds',
    fix: "see the provider's status page",
  },
  provider_error: {
    status: 503,
    message: 'The provider had a problem. Try again, or sign in another way.',
    meaning: 'the provider answered with an error or something unreadable',
    fix: "see `detail` in the log line and the provider's status page",
  },
  id_token_invalid: {
    status: 503,
    message: 'The answer of the provider could not be verified. Try again.',
    meaning: 'issuer, audience, nonce, time or signature of the ID token are wrong',
    fix: '`detail` names the claim: check issuer and client id, and the clock of this host',
  },
  email_missing: {
    status: 403,
    message: 'The provider gave no e-mail address. Enter one to continue.',
    meaning: 'the provider gives no address, for example because it is private',
    fix: 'nothing: the visitor enters and confirms one; this needs a mail transport such as SMTP_URL',
  },
  email_unverified: {
    status: 403,
    message: 'The provider has not confirmed your e-mail address. Confirm it by mail.',
    meaning: 'the provider does not vouch for the address, so it could belong to somebody else',
    fix: 'nothing: the visitor confirms it; this needs a mail transport such as SMTP_URL',
  },
  account_exists_with_password: {
    status: 403,
    message: 'There is an account with this address. Confirm that it is yours.',
    meaning: 'the account with this address has not proven it, so its password may be a stranger’s',
    fix: 'nothing: the visitor enters the password or confirms by mail; the latter needs a mail transport such as SMTP_URL',
  },
  account_linked_elsewhere: {
    status: 409,
    message: 'This login belongs to another account. Sign in with it, or unlink it there first.',
    meaning: 'the visitor wants to link a login that another account already has',
    fix: 'nothing: a login belongs to one account',
  },
  sign_up_closed: {
    status: 403,
    message: 'There is no account with this login, and new accounts are not created this way.',
    meaning: 'the person has no account, and SOCIAL_SIGN_UP is off',
    fix: 'set SOCIAL_SIGN_UP=on, or let the person sign up with a password first and link the provider',
  },
  domain_not_allowed: {
    status: 403,
    message: 'Addresses of this domain cannot sign up here.',
    meaning: 'the domain of the address is not one of ALLOWED_EMAIL_DOMAINS',
    fix: 'add the domain to ALLOWED_EMAIL_DOMAINS',
  },
  profile_fields_required: {
    status: 403,
    message: 'A new account needs more than the provider knows. Sign up with the form first.',
    meaning: 'PROFILE_SCHEMA requires fields that no provider fills in',
    fix: 'make the fields of PROFILE_SCHEMA optional, or let visitors sign up with the form and link the provider',
  },
  code_unknown: {
    status: 400,
    message: again,
    meaning: 'no redirect has issued this code: forged, truncated, or swept after a day',
    fix: 'nothing for a made-up code; otherwise check that the page passes it on unchanged',
  },
  code_expired: {
    status: 400,
    message: `The sign-in was not finished within a minute. ${again}`,
    meaning: 'the page redeemed the code more than a minute after the callback',
    fix: 'redeem as soon as the page loads; a redirect of the site after return_to costs time',
  },
  code_used: {
    status: 400,
    message: `This sign-in was finished already. ${again}`,
    meaning: 'the code was redeemed before: reload, second tab, or two effects of one page',
    fix: 'nothing: the page asks who is signed in',
  },
  verifier_missing: {
    status: 400,
    message: `This tab did not start the sign-in. ${again}`,
    meaning:
      'the page has no verifier: storage cleared, or the code arrived in another tab or browser',
    fix: 'keep the verifier in sessionStorage until the redeem; do not open return_to in another tab',
  },
  verifier_wrong: {
    status: 400,
    message: `This tab did not start the sign-in. ${again}`,
    meaning: 'the verifier belongs to another start: a newer one in this tab, or a foreign link',
    fix: 'nothing if somebody sent the visitor a link; otherwise keep the verifier of the last start',
  },
  origin_differs: {
    status: 403,
    message: again,
    meaning: 'the page that redeems has another origin than the one of return_to',
    fix: 'redeem on the page in SITE_PAGES itself, without a redirect to another host',
  },
  session_missing: {
    status: 403,
    message: 'You are no longer signed in. Sign in, then link the account again.',
    meaning: 'the user who started to link a provider is not signed in any more',
    fix: 'nothing: the visitor signs in and starts again',
  },
  session_differs: {
    status: 403,
    message: 'Another account is signed in now. Link the provider again from your own account.',
    meaning: 'another user is signed in than the one who started to link a provider',
    fix: 'nothing: the visitor signs in and starts again',
  },
  cookie_refused: {
    status: 400,
    message: 'This browser does not keep the cookie of the session.',
    meaning: 'reported by the page: the redeem succeeded, but the next request had no cookie',
    fix: 'set BEARER_TOKENS=on, or put site and service on one site',
  },
  limit_network: {
    status: 429,
    message: 'There were too many sign-ins from your network. Try again in a moment.',
    meaning: 'more callbacks from one client address than the limit allows',
    fix: 'raise RATE_LIMIT_PER_ADDRESS; behind a proxy check CLIENT_IP_HEADER, or all visitors count as one',
  },
  service_unavailable: {
    status: 503,
    message: 'The sign-in cannot be finished right now. Try again in a minute.',
    meaning: 'the database is unavailable',
    fix: 'see `cause` in the log line',
  },
  internal_error: {
    status: 500,
    message: 'The sign-in failed because of a fault of this service.',
    meaning: 'an unexpected fault of this service',
    fix: 'see `err` in the log line with the same request id',
  },
} as const satisfies Readonly<Record<string, RedirectReason>>;

export type RedirectReasonName = keyof typeof reasons;
/** The error code of a response. */
export const codeOfReason = (reason: string) => `REDIRECT_${reason.toUpperCase()}`;

/** Reasons that a response of an endpoint can have. */
export const errors: Readonly<Record<string, ErrorEntry>> = Object.fromEntries(
  Object.entries(reasons).map(([reason, { status, message }]) => [
    codeOfReason(reason),
    { status, message },
  ]),
);
