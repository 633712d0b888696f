/** Why a second factor or a passkey is refused: one sentence for each code of the service, with what to do. */
import { translate } from '@docusaurus/Translate';
import type { Outcome, Refusal } from '../outcome.js';

const challengeOver = () =>
  translate({
    id: 'theme.auth.factor.challengeOver',
    message: 'That took too long, or was already done. Try again.',
    description: 'If a passkey is used with a challenge that has expired or was used',
  });

const wrongAddress = () =>
  translate({
    id: 'theme.auth.factor.passkeyAddress',
    message:
      'Passkeys do not work at this address of the site. Use another way to sign in. (For the operator: check RP_ID and BETTER_AUTH_TRUSTED_ORIGINS at the auth service.)',
    description:
      'If the browser or the service refuses passkeys at this address. The names in capitals are settings',
  });

const unverified = () =>
  translate({
    id: 'theme.auth.factor.passkeySignature',
    message: 'The passkey could not be verified. Try again, or use another way.',
    description: 'If the service cannot verify a passkey',
  });

const messages: Readonly<Record<string, (refusal: Partial<Refusal>) => string>> = {
  TOTP_WRONG: () =>
    translate({
      id: 'theme.auth.factor.totpWrong',
      message: 'This code is wrong. Enter the six digits that your authenticator app shows now.',
      description: 'The error below the code of an authenticator app',
    }),
  TOTP_REPLAYED: () =>
    translate({
      id: 'theme.auth.factor.totpReplayed',
      message: 'This code was already used. Wait until your authenticator app shows the next one.',
      description: 'The error below the code of an authenticator app',
    }),
  TOTP_CLOCK_DIFFERS: ({ differenceSeconds }) =>
    translate(
      {
        id: 'theme.auth.factor.totpClock',
        message:
          'The clock of the device with your authenticator app is wrong by about {minutes} min. Set its time automatically, then enter a new code.',
        description: 'If the code of an authenticator app is right for another time',
      },
      { minutes: Math.max(1, Math.round(Math.abs(Number(differenceSeconds) || 0) / 60)) },
    ),
  TOTP_ALREADY_ENROLLED: () =>
    translate({
      id: 'theme.auth.factor.totpEnrolled',
      message: 'Your account has a second factor by now. Sign in again, and use it.',
      description: 'If two sign-ins set up a second factor at the same time',
    }),
  TOTP_SECRET_UNREADABLE: () =>
    translate({
      id: 'theme.auth.factor.totpUnreadable',
      message: 'The service cannot check codes right now. Use a backup code, or ask its operator.',
      description: 'If the service cannot decrypt the key of the authenticator app',
    }),
  SECOND_FACTOR_IS_REQUIRED: () =>
    translate({
      id: 'theme.auth.factor.required',
      message: 'Every account needs a second factor here. Set up another one instead.',
      description: 'If a visitor removes the second factor where one is required',
    }),
  TOTP_NOT_ENROLLED: () =>
    translate({
      id: 'theme.auth.factor.totpNotEnrolled',
      message: 'No authenticator app is set up for this account.',
      description: 'If a code is entered for an account without an authenticator app',
    }),
  BACKUP_CODE_WRONG: () =>
    translate({
      id: 'theme.auth.factor.backupCodeWrong',
      message: 'This is not one of your backup codes. Newer codes replace all older ones.',
      description: 'The error below a backup code',
    }),
  BACKUP_CODE_USED: () =>
    translate({
      id: 'theme.auth.factor.backupCodeUsed',
      message: 'This backup code was already used. Enter another one.',
      description: 'The error below a backup code',
    }),
  PENDING_SIGN_IN_MISSING: () =>
    translate({
      id: 'theme.auth.factor.pendingMissing',
      message: 'This sign-in was not finished in time, or in another tab. Sign in again.',
      description: 'If a second factor is entered too late',
    }),
  CHALLENGE_EXPIRED: challengeOver,
  CHALLENGE_USED: challengeOver,
  CHALLENGE_UNKNOWN: challengeOver,
  PASSKEY_UNKNOWN: () =>
    translate({
      id: 'theme.auth.factor.passkeyUnknown',
      message:
        'This passkey belongs to no account here: it may have been removed. Use another way to sign in.',
      description: 'If the service does not know a passkey',
    }),
  PASSKEY_RP_MISMATCH: wrongAddress,
  PASSKEY_ORIGIN_MISMATCH: wrongAddress,
  PASSKEY_USER_NOT_VERIFIED: () =>
    translate({
      id: 'theme.auth.factor.passkeyUnverified',
      message:
        'Your device did not check that it is you. Use its PIN, your fingerprint or your face.',
      description: 'If a passkey was used without a PIN or a fingerprint',
    }),
  PASSKEY_SIGNATURE_WRONG: unverified,
  PASSKEY_RESPONSE_INVALID: unverified,
  PASSKEY_ATTESTATION_INVALID: () =>
    translate({
      id: 'theme.auth.factor.passkeyAttestation',
      message: 'This passkey cannot be added. Try another device or browser.',
      description: 'If the service cannot verify a new passkey',
    }),
  PASSKEY_IN_FRAME: () =>
    translate({
      id: 'theme.auth.factor.passkeyFrame',
      message: 'Passkeys do not work inside a page of another site. Open this page in its own tab.',
      description: 'If the site is shown in a frame of another site',
    }),
  PASSKEY_USER_MISMATCH: () =>
    translate({
      id: 'theme.auth.factor.passkeyOther',
      message: 'This passkey belongs to another account. Choose another one.',
      description: 'If a passkey of another account is used',
    }),
  CHALLENGE_OF_OTHER_USER: () =>
    translate({
      id: 'theme.auth.factor.challengeOther',
      message: 'Another account is signed in now. Reload the page, then try again.',
      description: 'If another user signed in while a passkey was created',
    }),
  PASSKEY_LIMIT_REACHED: () =>
    translate({
      id: 'theme.auth.factor.passkeyLimit',
      message: 'Your account has as many passkeys as it can have. Remove one first.',
      description: 'If an account has too many passkeys',
    }),
  PASSKEY_EMAIL_NOT_VERIFIED: () =>
    translate({
      id: 'theme.auth.factor.passkeyEmail',
      message:
        'Your e-mail address is not confirmed yet. Open the link in the mail that you received, or sign in with the password to get a new one.',
      description: 'If a passkey is used before the address was confirmed',
    }),
  PASSKEY_NOT_FOUND: () =>
    translate({
      id: 'theme.auth.factor.passkeyGone',
      message: 'Your account has no such passkey any more.',
      description: 'If a passkey is renamed or removed that was removed in another tab',
    }),
  PASSKEY_CLONED: () =>
    translate({
      id: 'theme.auth.factor.passkeyCloned',
      message:
        'This passkey seems to have been copied, so it is refused. Use another passkey, or ask the people who run this site to remove it.',
      description: 'If the counter of a passkey went back',
    }),
  PASSKEY_ALREADY_REGISTERED: () =>
    translate({
      id: 'theme.auth.factor.passkeyRegistered',
      message: 'Your account already has a passkey of this device.',
      description: 'If a passkey is added a second time',
    }),
  PASSKEY_LAST_WAY_IN: () =>
    translate({
      id: 'theme.auth.factor.passkeyLast',
      message:
        'This is the last way to sign in to your account, so it cannot be removed. Add another one first.',
      description: 'If the last passkey of an account without a password is removed',
    }),
  PASSKEY_NOT_SUPPORTED: () =>
    translate({
      id: 'theme.auth.factor.passkeyUnsupported',
      message: 'This browser or device cannot do that with a passkey.',
      description: 'If the browser fails while it creates or uses a passkey',
    }),
  CEREMONY_NOT_LOADED: () =>
    translate({
      id: 'theme.auth.factor.notLoaded',
      message: 'A part of this page could not be loaded. Reload the page, then try again.',
      description: 'If a script of the site fails to load',
    }),
};

/** @returns a refusal with a code of this client */
export function factorRefusal(code: string): Refusal {
  return { ok: false, code, message: messages[code]?.({}) ?? code };
}

/** @param isPassword whether the refused proof was a password. @returns the sentence of this site; other refusals keep theirs */
export function explainFactor<T>(outcome: Outcome<T>, isPassword: boolean): Outcome<T> {
  if (outcome.ok) return outcome;
  const { code, reason } = outcome;
  // The sentence of this limit is about passwords.
  if (reason === 'limit_account' && !isPassword) return { ...outcome, reason: 'limit_codes' };
  const message = Object.hasOwn(messages, code) ? messages[code]?.(outcome) : undefined;
  return message === undefined ? outcome : { ...outcome, message };
}
