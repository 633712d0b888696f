/** The shapes of the responses about redirect sign-in. Anything else with a 200 is not reported as done. */
import { isObject, isSignIn, type SignInAnswer } from '../response-shapes.js';

export function isTicket(value: unknown): value is { readonly ticket: string } {
  return isObject(value) && typeof value.ticket === 'string';
}

/** Of a redeemed code: `linked` if the provider was linked to the account that was signed in. */
export function isRedeemed(value: unknown): value is SignInAnswer & { readonly linked?: unknown } {
  return isSignIn(value);
}

export interface LinkedAccount {
  /** Of this account at the service, not at the provider. */
  readonly id: string;
  /** `credential` for the password. */
  readonly providerId: string;
  readonly createdAt: string | Date;
}

export function isAccountList(value: unknown): value is readonly LinkedAccount[] {
  return (
    Array.isArray(value) &&
    value.every((account) => isObject(account) && 'id' in account && 'providerId' in account)
  );
}
