/** Reasons that no story makes, and why: the list is closed, so that a new reason needs a story or an entry here. */

const successes = 'a check that signs in is no event';
const samePath = (made: string) =>
  `its text reaches the diagnosis as that of its siblings does; ${made} makes it`;
const ofPage =
  'a fault of the page or of a made-up request: it names nobody, and is shown with the request id';
const ofSettings = 'concerns every visitor of the page, and names nobody';
const afterSignIn = 'refuses a change by somebody who is signed in, so it keeps nobody out';
const ofOperator = 'refuses an operator';
const byState = 'the state of the account says it, whatever was refused';

/** Kind of event and reason, or reasons separated by blanks → why. */
const groups: readonly (readonly [kind: string, reasons: string, why: string])[] = [
  ['session_check', 'valid valid_previous_secret', successes],
  ['session_check', 'user_not_found', 'foreign keys delete sessions with their user'],
  [
    'session_check',
    'bearer_malformed bearer_bad_signature',
    samePath('tests/features/bearer-tokens'),
  ],
  ['session_check', 'service_busy', samePath('tests/http')],
  ['sign_in', 'limits_unavailable', samePath('tests/redis/outage.check.ts')],
  ['mail', 'tls timed_out template internal', samePath('tests/features/mail')],
  ['provider_sign_in', 'provider_unknown provider_not_configured not_a_visit', ofPage],
  ['provider_sign_in', 'return_page_not_allowed challenge_invalid ticket_invalid', ofPage],
  ['provider_sign_in', 'state_unknown state_cookie_missing state_of_other_provider', ofPage],
  ['provider_sign_in', 'code_unknown verifier_missing origin_differs cookie_refused', ofPage],
  [
    'provider_sign_in',
    'state_expired state_used code_expired provider_timeout',
    samePath('tests/features/redirect-sign-in/reasons.test.ts'),
  ],
  [
    'provider_sign_in',
    'email_missing email_unverified account_exists_with_password',
    'a step of the page that asks for a proof, not a refusal',
  ],
  ['provider_sign_in', 'account_linked_elsewhere session_missing session_differs', afterSignIn],
  [
    'provider_sign_in',
    'sign_up_closed domain_not_allowed profile_fields_required',
    'there is no account yet: a request id finds it',
  ],
  [
    'provider_sign_in',
    'limit_network service_unavailable internal_error',
    samePath('the story of its general reason'),
  ],
  ['sign_in', 'address_taken', 'the account exists: its own story goes on'],
  ['sign_in', 'totp_not_enrolled totp_already_enrolled pending_sign_in_missing', ofPage],
  ['sign_in', 'second_factor_is_required passkey_is_required passkey_last_way_in', afterSignIn],
  [
    'sign_in',
    'challenge_expired challenge_used challenge_unknown challenge_of_other_user',
    samePath('tests/features/passkeys'),
  ],
  [
    'sign_in',
    'passkey_response_invalid passkey_in_frame passkey_origin_mismatch',
    samePath('tests/features/passkeys'),
  ],
  [
    'sign_in',
    'passkey_user_mismatch passkey_signature_wrong passkey_cloned',
    samePath('tests/features/passkeys'),
  ],
  [
    'sign_in',
    'passkey_email_not_verified',
    samePath('the story of an address that is not confirmed'),
  ],
  ['sign_in', 'passkey_attestation_invalid passkey_already_registered', afterSignIn],
  ['sign_in', 'passkey_limit_reached passkey_not_found', afterSignIn],
  ['sign_in', 'captcha_wrong captcha_expired captcha_used', samePath('tests/features/captcha')],
  ['sign_in', 'captcha_unavailable captcha_secret_wrong', ofSettings],
  ['sign_in', 'invalid_request invalid_field proof_required invalid_profile', ofPage],
  ['sign_in', 'not_found method_not_allowed body_too_large unsupported_media_type', ofPage],
  ['sign_in', 'missing_or_null_origin not_signed_in session_not_ended session_not_found', ofPage],
  [
    'sign_in',
    'session_not_fresh recent_sign_in_required email_unchanged impersonating',
    afterSignIn,
  ],
  ['sign_in', 'email_taken previous_email_taken', afterSignIn],
  ['sign_in', 'second_factor_required', afterSignIn],
  ['sign_in', 'link_unknown', 'belongs to no account: a request id finds it'],
  ['sign_in', 'link_wrong_browser', samePath('tests/features/magic-link')],
  ['sign_in', 'user_locked', byState],
  [
    'sign_in',
    'too_many_requests internal_error database_unavailable not_ready',
    samePath('the story of its general reason'),
  ],
  ['sign_in', 'sign_in_busy service_busy configuration_invalid', ofSettings],
  ['sign_in', 'role_required user_not_found last_admin user_is_admin user_is_locked', ofOperator],
  [
    'sign_in',
    'mail_not_available mail_limited admin_password_refused not_impersonating',
    ofOperator,
  ],
  ['sign_in', 'diagnostics_token_required cron_secret_required', ofOperator],
  ['sign_in', 'password_breached', samePath('tests/features/breached-passwords')],
  [
    'sign_in',
    'code_wrong code_used code_expired code_replaced',
    samePath('tests/features/email-code'),
  ],
  [
    'sign_in',
    'code_unknown code_wrong_browser code_tries_exceeded',
    samePath('tests/features/email-code'),
  ],
  [
    'sign_in',
    'timeout unreachable status malformed list_unreadable',
    'the password is accepted or refused without the lookup: no event has it',
  ],
];

export const withoutStory: ReadonlyMap<string, string> = new Map(
  groups.flatMap(([kind, reasons, why]) =>
    reasons.split(' ').map((reason) => [`${kind} ${reason}`, why] as const),
  ),
);
