/** Client-side validation of inputs: one message each, before a request is sent. */
import { translate } from '@docusaurus/Translate';

/** In characters; ASVS 6.2.1, and the default of every BetterAuth server. */
export const minimumPasswordLength = 8;
/** In characters, the service's own limit. */
const maximumNameLength = 200;

export function nameError(name: string): string | undefined {
  if (name.trim() === '') {
    return translate({
      id: 'theme.auth.field.name.missing',
      message: 'Enter your name.',
      description: 'The error below an empty name',
    });
  }
  if (name.length <= maximumNameLength) return undefined;
  return translate(
    {
      id: 'theme.auth.field.name.tooLong',
      message: 'The name can have at most {maximum} characters.',
      description: 'The error below a name that is too long',
    },
    { maximum: maximumNameLength },
  );
}

export function emailError(email: string): string | undefined {
  if (email.trim() === '') {
    return translate({
      id: 'theme.auth.field.email.missing',
      message: 'Enter your e-mail address.',
      description: 'The error below an empty e-mail address',
    });
  }
  // Only what cannot be an address at all: the service decides the rest.
  if (/^[^\s@]+@[^\s@]+$/.test(email.trim())) return undefined;
  return translate({
    id: 'theme.auth.field.email.invalid',
    message: 'Enter an e-mail address like name@example.com.',
    description: 'The error below an invalid e-mail address',
  });
}

/** For a mailed code. */
export function codeError(code: string): string | undefined {
  if (/^\d{6}$/.test(code.replace(/\s/g, ''))) return undefined;
  return translate({
    id: 'theme.auth.field.code.invalid',
    message: 'Enter the six digits of the mail.',
    description: 'The error below a code that has not six digits',
  });
}

/** For a code of an authenticator app. */
export function totpError(code: string): string | undefined {
  if (/^\d{6}$/.test(code.replace(/\s/g, ''))) return undefined;
  return translate({
    id: 'theme.auth.field.totp.invalid',
    message: 'Enter the six digits that your authenticator app shows.',
    description: 'The error below a code of an authenticator app that has not six digits',
  });
}

/** For a backup code. */
export function backupCodeError(code: string): string | undefined {
  if (code.trim() !== '') return undefined;
  return translate({
    id: 'theme.auth.field.backupCode.missing',
    message: 'Enter one of your backup codes.',
    description: 'The error below an empty backup code',
  });
}

/** For a new password. */
export function newPasswordError(password: string): string | undefined {
  if (password === '') {
    return translate({
      id: 'theme.auth.field.newPassword.missing',
      message: 'Choose a password.',
      description: 'The error below an empty new password',
    });
  }
  if (password.length >= minimumPasswordLength) return undefined;
  return translate(
    {
      id: 'theme.auth.field.newPassword.tooShort',
      message: 'This password is too short: it needs at least {minimum} characters.',
      description: 'The error below a new password that is too short',
    },
    { minimum: minimumPasswordLength },
  );
}
