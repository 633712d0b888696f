/** Which input of a form a refusal is about: the one that the service named, or the one that its code speaks of. */
import type { Refusal } from './outcome.js';

const fieldsByCode: Readonly<Record<string, readonly string[]>> = {
  INVALID_EMAIL: ['email'],
  USER_ALREADY_EXISTS: ['email'],
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: ['email'],
  PASSWORD_TOO_SHORT: ['new-password', 'password'],
  PASSWORD_TOO_LONG: ['new-password', 'password'],
  PASSWORD_TOO_COMMON: ['new-password', 'password'],
  INVALID_PASSWORD: ['current-password', 'password'],
};

/** @returns the name of an input of this form, or undefined where the refusal is about none of them */
export function refusedField({ field, code }: Refusal, form: HTMLFormElement): string | undefined {
  const named = field === undefined ? [] : [toKebabCase(field)];
  const byCode = Object.hasOwn(fieldsByCode, code) ? (fieldsByCode[code] ?? []) : [];
  return [...named, ...byCode].find((name) => form.elements.namedItem(name) !== null);
}

/** The service says `newPassword`, the form `new-password`, which password managers read too. */
function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
