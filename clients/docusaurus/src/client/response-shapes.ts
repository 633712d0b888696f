/**
 * The shapes of BetterAuth's responses to actions that were performed. Anything else with a 200 (a proxy's JSON, a
 * truncated body) is not reported as done.
 */
import type { Session } from './session.js';

export type Shape<T> = (value: unknown) => value is T;

export interface SignInAnswer {
  /** Null if the e-mail address must be confirmed first; missing if a second factor is due. */
  readonly token?: string | null;
  /** With which the second factor can be proven or enrolled. */
  readonly twoFactorMethods?: readonly string[];
  /** Whether the password is known from a data breach. */
  readonly passwordBreached?: unknown;
}

/**
 * Of a sign-in or sign-up. The second factor of other BetterAuth servers, which do not say whether one is due or must be
 * enrolled, is unexpected: they have no pending session to ask for.
 */
export function isSignIn(value: unknown): value is SignInAnswer {
  if (!isObject(value)) return false;
  const { token, twoFactorMethods, secondFactor } = value;
  const isDue = secondFactor === 'verify' || secondFactor === 'enrol';
  return token === null || typeof token === 'string' || (isDue && Array.isArray(twoFactorMethods));
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
