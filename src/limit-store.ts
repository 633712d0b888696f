/**
 * Where attempts are counted: in the database, unless a feature fills the slot with another store. A store counts
 * atomically and by its own clock, so that instances agree whatever theirs show.
 */
import type { Finding } from './config/finding.js';
import type { RateLimit } from './config/rate-limits.js';
import type { OrmOrTransaction } from './db/client.js';
import type { RateLimitStore } from './db/rate-limit-store.js';
import type { SignInAttempts, SignInLimits } from './sign-in-attempt.js';
import { causesOf } from './log/error-chain.js';

/** What is counted under a key. */
export interface Counter {
  readonly key: string;
  readonly count: number;
  /** When its window began, or of a pause, when the last wrong proof was counted; in milliseconds. */
  readonly lastRequest: number;
}

export interface LimitStore extends RateLimitStore {
  /** Whether the attempts of the current window have used up the limit. @throws as count */
  isUsedUp(key: string, limit: RateLimit): Promise<boolean>;
  /** Attempts to sign in, counted in this store under these limits. */
  signInAttempts(limits: SignInLimits): SignInAttempts;
  /**
   * The counters whose keys begin with one of the prefixes.
   * @param db reads them, where they are in the database
   * @throws as count
   */
  find(db: OrmOrTransaction, prefixes: readonly string[]): Promise<Counter[]>;
  /**
   * Deletes the counters whose keys begin with one of the prefixes. In a store outside the database they are deleted
   * even if the transaction is rolled back afterwards.
   * @returns how many there were
   * @throws as count
   */
  lift(db: OrmOrTransaction, prefixes: readonly string[]): Promise<number>;
  /** The state of a store outside the database; undefined for the database, which is reported itself. Never rejects. */
  readonly readState?: () => Promise<LimitStoreState>;
  /** Closes connections of its own. Never rejects. */
  readonly close?: () => Promise<void>;
}

/** For readiness and the startup report: without a secret. */
export interface LimitStoreState {
  readonly isAvailable: boolean;
  /** What the report shows. */
  readonly description: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[];
}

/**
 * A store outside the database could not count: whether the attempt is allowed is unknown. Carries nothing of the
 * driver's error, which may hold a password.
 */
export class LimitsUnavailableError extends Error {
  override readonly name = 'LimitsUnavailableError';

  constructor(
    /** The cause, for the log. */
    readonly code: string,
    /** The setting of the store. */
    readonly variable: string,
    /** Predicate of a sentence whose subject is the variable. */
    readonly seen: string,
    readonly fix: string,
  ) {
    super(`${variable} ${seen}`);
  }
}

/** Why limits cannot be read now, for an operator. */
export interface UnavailableLimits {
  readonly code: string;
  /** What is wrong with which setting. */
  readonly message: string;
  readonly fix: string;
}

interface TriedLimits {
  readonly find: LimitStore['find'];
  /** Undefined if every counter was read. */
  readonly unavailable: () => UnavailableLimits | undefined;
}

/** For what is of use without limits: finds none where their store is unavailable, and keeps why. */
export function tryLimits(limits: Pick<LimitStore, 'find'>): TriedLimits {
  let unavailable: UnavailableLimits | undefined;
  return {
    find: (db, prefixes) =>
      limits.find(db, prefixes).catch((error: unknown) => {
        const found = findLimitsUnavailable(error);
        if (found === undefined) throw error;
        unavailable = { code: found.code, message: found.message, fix: found.fix };
        return [];
      }),
    unavailable: () => unavailable,
  };
}

/** The error, or the one among its causes, that says why limits are unavailable; undefined if there is none. */
export function findLimitsUnavailable(error: unknown): LimitsUnavailableError | undefined {
  for (const cause of causesOf(error)) if (cause instanceof LimitsUnavailableError) return cause;
  return undefined;
}
