/**
 * The shapes of BetterAuth's responses to actions that were performed. Anything else with a 200 (a proxy's JSON, a
 * second factor, a truncated body) is not reported as done.
 */
import type { Session } from './session.js';

export type Shape<T> = (value: unknown) => value is T;

/** Of a sign-in or sign-up: `token` is null if the e-mail address must be confirmed first. */
export function isSignIn(value: unknown): value is { readonly token: string | null } {
  const token = isObject(value) ? value.token : undefined;
  return token === null || typeof token === 'string';
}

/** Of sign-out. */
export function isSuccess(value: unknown): value is { readonly success: true } {
  return isObject(value) && value.success === true;
}

/** Of actions that end sessions or change the user. */
export function isStatus(value: unknown): value is { readonly status: true } {
  return isObject(value) && value.status === true;
}

/** Of a mailed link that changes the account. */
export function isChangeConfirmed(value: unknown): value is { readonly resetToken?: string } {
  return isStatus(value) || isSuccess(value);
}

/** Of a changed password. */
export function hasUser(value: unknown): value is { readonly user: object } {
  return isObject(value) && isObject(value.user);
}

export function isSessionList(value: unknown): value is readonly Session[] {
  return Array.isArray(value) && value.every((session) => isObject(session) && 'token' in session);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
