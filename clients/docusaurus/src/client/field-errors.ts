/** What can be known to be wrong with an input before the service is asked, in one sentence each. */
import { translate } from '@docusaurus/Translate';

/** In characters; ASVS 6.2.1, and the default of every BetterAuth server. */
export const minimumPasswordLength = 8;
/** In characters, as the service bounds it. */
const maximumNameLength = 200;

export function nameError(name: string): string | undefined {
  if (name.trim() === '') {
    return translate({
      id: 'theme.auth.field.name.missing',
      message: 'Enter your name.',
      description: 'The error beside an empty name',
    });
  }
  if (name.length <= maximumNameLength) return undefined;
  return translate(
    {
      id: 'theme.auth.field.name.tooLong',
      message: 'A name has at most {maximum} characters.',
      description: 'The error beside a name that is too long',
    },
    { maximum: maximumNameLength },
  );
}

export function emailError(email: string): string | undefined {
  if (email.trim() === '') {
    return translate({
      id: 'theme.auth.field.email.missing',
      message: 'Enter your e-mail address.',
      description: 'The error beside an empty e-mail address',
    });
  }
  // The service judges the rest: here only what cannot be an address at all.
  if (/^[^\s@]+@[^\s@]+$/.test(email.trim())) return undefined;
  return translate({
    id: 'theme.auth.field.email.invalid',
    message: 'Enter an e-mail address like name@example.com.',
    description: 'The error beside what is no e-mail address',
  });
}

/** Of a password that exists already. */
export function passwordError(password: string): string | undefined {
  if (password !== '') return undefined;
  return translate({
    id: 'theme.auth.field.password.missing',
    message: 'Enter your password.',
    description: 'The error beside an empty password',
  });
}

/** Of a password that is being chosen. */
export function newPasswordError(password: string): string | undefined {
  if (password === '') {
    return translate({
      id: 'theme.auth.field.newPassword.missing',
      message: 'Choose a password.',
      description: 'The error beside an empty new password',
    });
  }
  if (password.length >= minimumPasswordLength) return undefined;
  return translate(
    {
      id: 'theme.auth.field.newPassword.tooShort',
      message: 'This password is too short: it needs at least {minimum} characters.',
      description: 'The error beside a new password that is too short',
    },
    { minimum: minimumPasswordLength },
  );
}
