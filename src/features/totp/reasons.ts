/** Why a second factor was refused: a closed list. `npm run docs` writes the table in docs/features/totp.md. */
import type { ErrorEntry } from '../../errors.js';

/** `message` is for visitors, `fix` for the log: what to change, by the name of the setting. */
interface FactorReason extends ErrorEntry {
  readonly status: 400 | 401 | 403 | 500;
  readonly meaning: string;
  readonly fix: string;
}

export const reasons = {
  totp_wrong: {
    status: 400,
    message: 'The code is wrong. Enter the one that the app shows now.',
    meaning: 'the code belongs to no time near the present one',
    fix: 'nothing for a mistyped code; if all codes of a user are wrong, the app has another secret: npm run user -- remove-factor',
  },
  totp_replayed: {
    status: 400,
    message: 'This code was used already. Wait for the next one.',
    meaning: 'the code, or a later one, was accepted before',
    fix: 'nothing: each code signs in once',
  },
  totp_clock_differs: {
    status: 400,
    message:
      'The clock of your device differs from ours. Set its time automatically, then try again.',
    meaning:
      'the code is right for another time; `differenceSeconds` says by how much the clocks differ',
    fix: 'if it happens to one user, set the clock of that device; if to all, the clock of this server',
  },
  totp_not_enrolled: {
    status: 400,
    message: 'No authenticator app is set up for this account.',
    meaning: 'the user has no confirmed secret, and none that was created within the last hour',
    fix: 'the page should call POST /api/auth/two-factor/enable first',
  },
  totp_already_enrolled: {
    status: 403,
    message: 'This account has a second factor already. Prove it first, then set up another one.',
    meaning: 'a sign-in that must set up a second factor belongs to a user who has one by now',
    fix: 'nothing: the visitor signs in again',
  },
  totp_secret_unreadable: {
    status: 500,
    message: 'Codes cannot be checked at the moment. Use a backup code or ask for help.',
    meaning: 'the stored secret cannot be decrypted: the secret of the service was replaced',
    fix: 'put the previous secret into BETTER_AUTH_SECRETS again; otherwise npm run user -- remove-factor',
  },
  backup_code_wrong: {
    status: 400,
    message: 'The backup code is wrong.',
    meaning:
      'the account has no such backup code: mistyped, replaced by newer ones, or of another secret',
    fix: 'nothing for a mistyped code; after a new secret, keep the previous one in BETTER_AUTH_SECRETS',
  },
  backup_code_used: {
    status: 400,
    message: 'This backup code was used already. Take another one.',
    meaning: 'each backup code signs in once',
    fix: 'nothing: the visitor takes another one',
  },
  pending_sign_in_missing: {
    status: 401,
    message: 'Sign in again: the time to enter the second factor is over.',
    meaning: 'the request has neither a session nor a sign-in that waits for a second factor',
    fix: 'if it happens at once, the cookie does not come back: see x-session-reason of /api/auth/get-session',
  },
  second_factor_is_required: {
    status: 403,
    message: 'Every account needs a second factor here. Set up another one instead.',
    meaning: 'a user wants to remove the second factor while SECOND_FACTOR is `required`',
    fix: 'nothing, or set SECOND_FACTOR=optional',
  },
} as const satisfies Readonly<Record<string, FactorReason>>;

export type FactorReasonName = keyof typeof reasons;

/** The code in the response. */
export function codeOfReason(reason: FactorReasonName): string {
  return reason.toUpperCase();
}

export const errors: Readonly<Record<string, ErrorEntry>> = Object.fromEntries(
  Object.entries(reasons).map(([name, { status, message }]) => [
    codeOfReason(name as FactorReasonName),
    { status, message },
  ]),
);
