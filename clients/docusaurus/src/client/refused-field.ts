/** Which inputs of a form a refusal concerns: the one that the service named, or the one that its code implies. */
import type { Refusal } from './outcome.js';
import { profileInputName } from './profile-input-name.js';

const fieldsByCode: Readonly<Record<string, readonly string[]>> = {
  INVALID_EMAIL: ['email', 'new-email'],
  EMAIL_UNCHANGED: ['new-email'],
  USER_ALREADY_EXISTS: ['email'],
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: ['email'],
  PASSWORD_TOO_SHORT: ['new-password', 'password'],
  PASSWORD_TOO_LONG: ['new-password', 'password'],
  PASSWORD_TOO_COMMON: ['new-password', 'password'],
  PASSWORD_BREACHED: ['new-password', 'password'],
  INVALID_PASSWORD: ['current-password', 'password'],
  TOTP_WRONG: ['code'],
  TOTP_REPLAYED: ['code'],
  TOTP_CLOCK_DIFFERS: ['code'],
  BACKUP_CODE_WRONG: ['code'],
  BACKUP_CODE_USED: ['code'],
};

/** @returns the name of an input of this form, or undefined if the refusal concerns none of them */
export function refusedField({ field, code }: Refusal, form: HTMLFormElement): string | undefined {
  const named = field === undefined ? [] : [toKebabCase(field)];
  const byCode = Object.hasOwn(fieldsByCode, code) ? (fieldsByCode[code] ?? []) : [];
  return [...named, ...byCode].find((name) => form.elements.namedItem(name) !== null);
}

/** The errors of profile fields, by the names of their inputs; empty if the refusal concerns none of this form. */
export function refusedProfileInputs(
  { fields = {} }: Refusal,
  form: HTMLFormElement,
): Record<string, string> {
  const errors = Object.entries(fields).map(([name, error]) => [profileInputName(name), error]);
  return Object.fromEntries(
    errors.filter(([name = '']) => form.elements.namedItem(name) !== null),
  ) as Record<string, string>;
}

/** The service's `newPassword` is the form's `new-password`, a name that password managers recognize. */
function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
