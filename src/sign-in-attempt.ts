/**
 * Attempts to sign in, as every store counts them: under the pause after wrong passwords for one account from one network,
 * the account's total, and the address's total. An attempt that one of them refuses counts under none.
 */
import type { PauseRule, RateLimit } from './config/rate-limits.js';
import { isHalfUsed, type AddressAttempt } from './db/rate-limit-store.js';
import type { LimitName } from './limit-reasons.js';

export interface SignInKeys {
  /** Of the account and the network or device: its wrong passwords lead to pauses. */
  readonly pause: string;
  /** Of the account: for all clients that are not known. */
  readonly total: string;
  /** Of the account: for all known networks and devices. */
  readonly knownTotal: string;
  /** Keys whose presence makes the client's network known, one per secret; the first one is written. */
  readonly marks: readonly string[];
  /** Whether the browser proved that it signed in to the account before: then the address is not limited. */
  readonly isKnownDevice: boolean;
}

export interface SignInLimits {
  readonly pause: PauseRule;
  readonly account: RateLimit;
}

/** The keys under which an attempt counted. */
export interface CountedSignIn {
  readonly pause: string;
  readonly total: string;
  readonly address: string | undefined;
  /** Undefined where no network becomes known. */
  readonly mark: string | undefined;
  /** When the last wrong password before it was counted, in milliseconds; undefined if there was none. */
  readonly previousAt: string | undefined;
}

export type SignInAttempt =
  | {
      readonly isAllowed: true;
      readonly counted: CountedSignIn;
      /** Whether wrong passwords before it have used up half of one of the limits. */
      readonly isHalfUsed: boolean;
    }
  | {
      readonly isAllowed: false;
      readonly limit: LimitName;
      /** Whole seconds until the limit allows an attempt: at least 1, at most its window or its longest pause. */
      readonly retryAfterSeconds: number;
    };

export interface SignInAttempts {
  /**
   * Counts an attempt, unless a limit refuses it.
   * @param address undefined for attempts that no address limits
   * @throws the store's error
   */
  count(address: AddressAttempt | undefined, keys: SignInKeys): Promise<SignInAttempt>;
  /** Takes back an attempt that was no wrong password. @throws as count */
  refund(counted: CountedSignIn): Promise<void>;
  /** As refund, and its pause begins when it did before the attempt. @throws as count */
  withdraw(counted: CountedSignIn): Promise<void>;
  /** After a correct password: also ends the pauses, and writes the mark that makes the network known. @throws as count */
  succeed(counted: CountedSignIn): Promise<void>;
  /** After another proof of the account's owner: ends its pauses here and makes the network known. @throws as count */
  unlock(keys: SignInKeys): Promise<void>;
}

/** @param counts of each limit, this attempt included */
export function allowedAttempt(
  counted: CountedSignIn,
  counts: { pause: number; account: number; address: number | undefined },
  { pause, account }: SignInLimits,
  address: AddressAttempt | undefined,
): SignInAttempt {
  const uses = [isHalfUsed(counts.pause, pause.free), isHalfUsed(counts.account, account.max)];
  if (address !== undefined && counts.address !== undefined) {
    uses.push(isHalfUsed(counts.address, address.limit.max));
  }
  return { isAllowed: true, counted, isHalfUsed: uses.includes(true) };
}

/** @param leftMs until the limit allows an attempt */
export function refusedAttempt(
  limit: LimitName,
  leftMs: number,
  { pause, account }: SignInLimits,
  address: AddressAttempt | undefined,
): SignInAttempt {
  const longestSeconds = {
    account_network: pause.longestSeconds,
    account: account.windowSeconds,
    address: address?.limit.windowSeconds ?? 0,
  }[limit];
  const retryAfterSeconds = Math.min(Math.max(Math.ceil(leftMs / 1000), 1), longestSeconds);
  return { isAllowed: false, limit, retryAfterSeconds };
}
