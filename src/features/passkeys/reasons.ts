/** Why a ceremony with a passkey failed: a closed list. `npm run docs` writes the table in docs/features/passkeys.md. */
import type { ErrorEntry } from '../../errors.js';

/** `message` is for visitors, `fix` for the log: what to change, by the name of the setting. */
interface PasskeyReason extends ErrorEntry {
  readonly status: 400 | 401 | 403 | 404 | 409;
  readonly meaning: string;
  readonly fix: string;
}

const again = 'Try again.';
const refused = 'The passkey could not be verified.';

export const reasons = {
  challenge_expired: {
    status: 400,
    message: `This took longer than ten minutes. ${again}`,
    meaning: 'the challenge is older than ten minutes, for example of a page that was left open',
    fix: 'fetch new options when the visitor returns to the page, and retry once with them',
  },
  challenge_used: {
    status: 400,
    message: `This sign-in was finished already. ${again}`,
    meaning: 'the same response was sent again: a retry, a second tab, or a replay',
    fix: 'fetch new options for each ceremony; otherwise nothing',
  },
  challenge_unknown: {
    status: 400,
    message: `The sign-in was not started here. ${again}`,
    meaning:
      'this service did not issue the challenge, or for another ceremony, or its secret has changed',
    fix: 'fetch the options from this service immediately before the ceremony; keep the previous secret in BETTER_AUTH_SECRETS',
  },
  challenge_of_other_user: {
    status: 403,
    message: `Another account is signed in now. ${again}`,
    meaning: 'the options to add a passkey were fetched by another user than the one who adds it',
    fix: 'nothing: the visitor signed in to another account in between',
  },
  passkey_response_invalid: {
    status: 400,
    message: refused,
    meaning: 'the response is not what a browser sends: a field is missing, too long or malformed',
    fix: '`detail` names the field or the fault: pass on the JSON of the browser unchanged',
  },
  passkey_in_frame: {
    status: 403,
    message: 'Passkeys cannot be used inside a frame of another site.',
    meaning: 'the ceremony ran in a frame on a page of another origin',
    fix: 'open the page itself, not in a frame: otherwise another site could place its own page around it',
  },
  passkey_origin_mismatch: {
    status: 403,
    message: 'Passkeys cannot be used on this page.',
    meaning: 'the page of the ceremony is not a trusted origin: another site, port or scheme',
    fix: 'add the `origin` of the log line to BETTER_AUTH_TRUSTED_ORIGINS if it is yours; otherwise it may be phishing',
  },
  passkey_rp_mismatch: {
    status: 403,
    message: 'This passkey belongs to another site.',
    meaning: 'the authenticator signed for another domain than RP_ID',
    fix: 'restore the RP_ID with which the passkeys were created; a page must pass on the options unchanged',
  },
  passkey_user_not_verified: {
    status: 403,
    message:
      'Your device did not check that it is you. Set up a PIN, fingerprint or face on it, then try again.',
    meaning: 'the authenticator did not verify the user (UV or UP flag is 0)',
    fix: 'nothing: the device needs a screen lock or the security key a PIN; a page must pass on `userVerification: "required"`',
  },
  passkey_attestation_invalid: {
    status: 400,
    message: 'This passkey cannot be added.',
    meaning:
      'the new key or its self attestation could not be verified, or its algorithm is not offered',
    fix: '`detail` has the cause; the options ask for no attestation, and a page must pass them on unchanged',
  },
  passkey_already_registered: {
    status: 409,
    message: 'This passkey was added before.',
    meaning: 'the passkey belongs to this or another account already',
    fix: 'nothing: the visitor signs in with it; a page must pass on `excludeCredentials`',
  },
  passkey_limit_reached: {
    status: 409,
    message: 'An account can have 20 passkeys. Remove one first.',
    meaning: 'the account has 20 passkeys already',
    fix: 'nothing: the user removes one',
  },
  passkey_unknown: {
    status: 401,
    message: 'This passkey is not known here. It may have been removed from the account.',
    meaning:
      'no account has the passkey: it was removed here, but not on the device, or never added',
    fix: 'nothing: the user deletes it on the device; after a restored backup of the database it is missing',
  },
  passkey_user_mismatch: {
    status: 403,
    message: 'This passkey belongs to another account.',
    meaning:
      'the user handle of the response is not that of the owner, or a step-up used a passkey of another account',
    fix: 'nothing: the user chooses a passkey of the account; a made-up response has this reason too',
  },
  passkey_signature_wrong: {
    status: 401,
    message: refused,
    meaning: 'the signature does not match the key of the passkey',
    fix: 'nothing for a made-up response; otherwise the browser or a proxy changed it on the way',
  },
  passkey_cloned: {
    status: 403,
    message: `${refused} Use another passkey, or ask the people who run this site to remove this one.`,
    meaning:
      'the counter of the authenticator did not rise: there may be a copy of the key, or it was restored from a backup',
    fix: 'identify the user, then npm run user -- remove-factor; with another second factor users replace it themselves',
  },
  passkey_email_not_verified: {
    status: 403,
    message: 'Confirm your e-mail address first.',
    meaning: 'EMAIL_VERIFICATION is required, and the address is not verified',
    fix: 'nothing: the user opens the link in the mail; a sign-in with the password sends a new one',
  },
  passkey_not_found: {
    status: 404,
    message: 'The account has no such passkey.',
    meaning: 'the passkey to rename or remove does not exist, or belongs to another user',
    fix: 'take the id from /api/auth/passkey/list-user-passkeys',
  },
  passkey_is_required: {
    status: 409,
    message: 'Every account needs a second factor here. Add another one first.',
    meaning: 'it is the only second factor of the account, while SECOND_FACTOR is `required`',
    fix: 'nothing, or set SECOND_FACTOR=optional',
  },
  passkey_last_way_in: {
    status: 409,
    message: 'This is the only way to sign in. Set a password or add another passkey first.',
    meaning:
      'without the passkey nobody could sign in: the account has no password, linked login or other passkey, and no mail can replace them',
    fix: 'nothing: the user adds another way first; MAGIC_LINK, EMAIL_CODE or a mail transport are ways too',
  },
} as const satisfies Readonly<Record<string, PasskeyReason>>;

export type PasskeyReasonName = keyof typeof reasons;

/** The error code of a response. */
export const codeOfReason = (reason: PasskeyReasonName) => reason.toUpperCase();

export const errors: Readonly<Record<string, ErrorEntry>> = Object.fromEntries(
  (Object.entries(reasons) as [PasskeyReasonName, PasskeyReason][]).map(
    ([reason, { status, message }]) => [codeOfReason(reason), { status, message }],
  ),
);
