/**
 * What one request leaves behind while BetterAuth handles it. BetterAuth turns a failing database into 401, into
 * "signed out" or into success (facts.md), so the failure is noted here, where no answer of its can hide it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { databaseFault } from './db/database-error.js';

/** A password that was right for this hash. Held in memory until the request ends, and never told. */
export interface VerifiedPassword {
  hash: string;
  /** undefined where the request itself has set another since. */
  password: string | undefined;
}

export interface RequestScope {
  /** The first error that means nobody can tell: the answer becomes 503 whatever BetterAuth says. */
  unavailable?: unknown;
  /** The first error about the request's own data: a 5xx of BetterAuth becomes 400. */
  rejected?: unknown;
  /** The password was right and its hash is of an older kind. */
  needsRehash?: boolean;
  /** What the request's password was found to be right for. */
  verified?: VerifiedPassword;
  /** The user's other sessions end once the current password has been verified. */
  endsOtherSessions?: boolean;
  /** Token of the credential that counts, as BetterAuth will read it; its session may be gone. */
  sessionToken?: string;
  /** Tokens of all session cookies that came and verify, where there are several. */
  presentedTokens?: readonly string[];
  /** Session token → when that session ends at the latest, of every session that was read. */
  absoluteEnds?: Map<string, Date>;
  /** The request's id, for lines that BetterAuth writes. */
  requestId?: string;
  /** The pattern of BetterAuth's endpoint, like `/callback/:id`. */
  endpoint?: string;
  /** Whom the request is about, where an account or a session was found. */
  userId?: string;
  /** Of the e-mail that a sign-in named, the same for equal ones, and of use to nobody who has no secret. */
  accountFingerprint?: string;
  /** The limit that refuses this request. */
  limited?: LimitHit;
  /** What a right password takes back: the count it stands in, and the mark of a network that is known from now on. */
  accountTry?: { readonly key: string; readonly mark: string };
}

export interface LimitHit {
  readonly limit: 'address' | 'account';
  /** The setting that moves it; undefined: none does. */
  readonly variable: string | undefined;
  readonly retryAfterSeconds: number;
}

export type RequestScopes = AsyncLocalStorage<RequestScope>;

export function createRequestScopes(): RequestScopes {
  return new AsyncLocalStorage<RequestScope>();
}

/** Notes an error of the database for the request that is being handled. */
export function noteDatabaseError(scope: RequestScope | undefined, error: unknown): void {
  if (scope !== undefined) scope[databaseFault(error)] ??= error;
}
