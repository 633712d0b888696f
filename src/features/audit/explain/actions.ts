/**
 * The one thing to do about a reason that keeps a user out. The tables of reasons say what to change in the service, which
 * is nothing where the user made a mistake; the operator still needs an answer for the user.
 */
import { providerCodePrefix } from '../../flow-reasons.js';
import type { StoryKind } from './story.js';

const again = 'the user starts the sign-in again on the page of the site';

/** Reason, or kind of event and reason where several tables have it → what to do. For tests. */
export const actions: Readonly<Record<string, string>> = {
  // Mails
  recipient_refused:
    'the user gives another address: the mailbox of this one does not exist, or refuses mail',
  greylisted: 'wait a few minutes: the mail is sent again, and is usually accepted then',
  // Second factors
  totp_wrong:
    'the user enters the code that the app shows now; if every code is wrong, npm run user -- remove-factor EMAIL',
  totp_replayed: 'the user waits for the next code of the app: each one signs in once',
  totp_already_enrolled: 'the user signs in again, with the second factor that exists by now',
  backup_code_wrong:
    'the user types a code of the newest list; if there is none, npm run user -- remove-factor EMAIL',
  backup_code_used: 'the user takes another backup code: each one signs in once',
  // Passkeys
  passkey_unknown:
    'the user deletes the passkey on the device, and signs in another way; after a restored backup of the database, add it again',
  passkey_signature_wrong: again,
  passkey_user_not_verified:
    'the user sets up a screen lock on the device, or a PIN for the security key',
  challenge_used: again,
  challenge_expired: again,
  // Providers
  access_denied:
    'the user starts again; if nobody cancelled, see at the provider who may use the application',
  'provider_sign_in code_used': again,
  state_expired: again,
  state_used: again,
  verifier_wrong: `${again}, in one tab`,
};

/** @param fix of the table of reasons @returns undefined if nobody can do anything about it */
export function actionFor(
  kind: StoryKind,
  reason: string,
  fix: string | undefined,
): string | undefined {
  const isOfProvider = reason.startsWith(providerCodePrefix);
  const name = isOfProvider ? reason.slice(providerCodePrefix.length) : reason;
  const owner = isOfProvider ? 'provider_sign_in' : kind;
  return actions[`${owner} ${name}`] ?? actions[name] ?? fix?.replace(/^nothing: /, '');
}
