/** The keys under which attempts to sign in to an account are counted. They hold no e-mail address and no IP address. */
import { createHmac } from 'node:crypto';
import type { KeyRing } from '../config/secrets.js';
import { networkOf } from '../log/mask-address.js';
import type { SignInKeys } from '../sign-in-attempt.js';

/** Where an attempt comes from. */
interface Client {
  /** IP address. */
  readonly address: string;
  /** The id of a browser that signed in to the account before. */
  readonly device?: string | undefined;
}

/** Keyed, so that a reader of the table learns only how many accounts were tried. */
function keyed(secret: string, ...parts: string[]): string {
  return createHmac('sha256', secret).update(JSON.stringify(parts)).digest('base64url');
}

/** @param email in lower case */
export function signInKeys(
  { current, previous }: KeyRing,
  email: string,
  { address, device }: Client,
): SignInKeys {
  const account = keyed(current.value, email);
  const client =
    device === undefined
      ? keyed(current.value, email, networkOf(address, 64))
      : keyed(current.value, email, 'device', device);
  const network = networkOf(address);
  return {
    pause: `pause|${account}|${client}`,
    total: `account|${account}`,
    knownTotal: `account|${account}|known`,
    marks: [current, ...previous].map(({ value }) => `known|${keyed(value, email, network)}`),
    isKnownDevice: device !== undefined,
  };
}

/** The key of the pauses of a client without a known browser. @param network as networkOf shortens addresses to 64 bits */
export function pauseKey(secret: string, email: string, network: string): string {
  return `pause|${keyed(secret, email)}|${keyed(secret, email, network)}`;
}

/** For guesses at the password by a client with a session. */
export function sessionKeys({ current }: KeyRing, sessionToken: string): SignInKeys {
  const session = keyed(current.value, 'session', sessionToken);
  const total = `account|session|${session}`;
  return {
    pause: `pause|session|${session}`,
    total,
    knownTotal: total,
    marks: [],
    isKnownDevice: true,
  };
}

/** What all keys begin with whose removal lifts every limit of the account. @param email in lower case */
export function lockPrefixes(secret: string, email: string): string[] {
  const account = keyed(secret, email);
  return [`pause|${account}|`, `account|${account}`];
}

/** Equal for equal addresses, useless without the secret: for the log. */
export function accountFingerprint({ total }: SignInKeys): string {
  return total.slice('account|'.length).slice(0, 8);
}

/**
 * For guesses at second factors.
 * @param device the id of a browser that signed in to the account before
 */
export function secondFactorKeys(secret: string, userId: string, device?: string): SignInKeys {
  const account = keyed(secret, 'second factor', userId);
  const isKnown = device !== undefined;
  const total = `account|factor|${account}${isKnown ? '|known' : ''}`;
  const client = isKnown ? `|${keyed(secret, 'second factor', userId, device)}` : '';
  return {
    pause: `pause|factor|${account}${client}`,
    total,
    knownTotal: total,
    marks: [],
    isKnownDevice: true,
  };
}

/** What the keys begin with whose removal lifts the limits of a user's second factors. */
export function secondFactorLockPrefixes(secret: string, userId: string): string[] {
  const { pause, total } = secondFactorKeys(secret, userId);
  return [pause, total]; // known devices have keys of their own, with a suffix
}
