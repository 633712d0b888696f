/**
 * State of one request while BetterAuth handles it. BetterAuth turns database failures into 401, "signed out" or even
 * success, so they are recorded here, independently of its response.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { AuditClient } from './audit.js';
import { databaseFault } from './db/database-error.js';
import type { AddressAttempt } from './db/rate-limit-store.js';
import type { CountedSignIn } from './sign-in-attempt.js';
import type { LimitName } from './limit-reasons.js';
import type { SecondFactorDue } from './session/proof.js';

/** A password that was verified against this hash. Kept in memory until the request ends, and never logged. */
export interface VerifiedPassword {
  hash: string;
  /** undefined after the request itself has changed the password. */
  password: string | undefined;
}

export interface RequestScope {
  /** Resolves when the response has been sent or the connection was closed. */
  readonly waitForResponse?: () => Promise<void>;
  /** Where a browser that visits the endpoint is sent during an outage, instead of JSON. */
  unavailablePage?: string;
  /** A feature refused the request with a 5xx and this reason: its response is kept, and the log has the reason. */
  failureReason?: string;
  /** The first error of an outage: the response becomes 503, whatever BetterAuth returns. */
  unavailable?: unknown;
  /** The first database error caused by the request's data: a 5xx from BetterAuth becomes 400. */
  rejected?: unknown;
  /** The password was correct and its hash has an outdated algorithm or parameters. */
  needsRehash?: boolean;
  /** The verified password, for checks that it is still current. */
  verified?: VerifiedPassword;
  /** Revoke the user's other sessions once the current password has been verified. */
  mustRevokeOtherSessions?: boolean;
  /** Token of the effective credential, as BetterAuth will read it; its session may not exist. */
  sessionToken?: string;
  /** Tokens of all session cookies that verify, if there are several. */
  presentedTokens?: readonly string[];
  /** Session token → absolute expiry, for every session that was read. */
  absoluteExpiries?: Map<string, Date>;
  /** The request's id, for BetterAuth's log lines. */
  requestId?: string;
  /** Where the request comes from, as the client sent it. */
  readonly client?: AuditClient;
  /** The pattern of BetterAuth's endpoint, like `/callback/:id`. */
  endpoint?: string;
  /** The user of the request, if an account or a session was found. */
  userId?: string;
  /** A user who was read in this request and whose deletion is not scheduled. */
  unscheduledUserId?: string;
  /** A user who was read in this request and is locked (locked-user.ts). */
  lockedUserId?: string;
  /** The sign-in of this request was refused for it. */
  isRefusedAsLocked?: boolean;
  /** What a deletion did, if it has not deleted the account yet: for the log. */
  deletion?: 'deletion_link_sent' | 'deletion_scheduled';
  /** A second factor is due before the sign-in of this request signs in. */
  pendingSignIn?: { readonly due: SecondFactorDue; readonly methods: readonly string[] };
  /** A proof was added to the session at hand, in place of a sign-in. */
  hasRaisedSession?: boolean;
  /** An authenticator app was set up. */
  hasEnrolledApp?: boolean;
  /** BetterAuth was not given the session, because it waits for a second factor. */
  hasHiddenSession?: boolean;
  /** The session that this request presented was ended in the transaction that creates the new one. */
  hasEndedReplacedSession?: boolean;
  /** Whose address a sign-up has given: it creates no account, and must not look different. */
  signUpOwnerId?: string;
  /** A login was linked to the account that was signed in already. */
  hasLinkedLogin?: boolean;
  /** The sign-in of this request has called off the deletion of the account. */
  hasRestoredAccount?: boolean;
  /** A keyed hash of the e-mail address of a sign-in: equal for equal addresses, useless without the secret. */
  accountFingerprint?: string;
  /** The rate limit that rejected this request. */
  limited?: LimitHit;
  /** An attempt to sign in from this address that is counted together with the account's. */
  addressAttempt?: AddressAttempt;
  /** How near the limits of this attempt are; undefined for a request that none counts. */
  limitUse?: LimitUse;
  /** What was counted for this sign-in, to be taken back after a correct password. */
  countedSignIn?: CountedSignIn;
}

interface LimitUse {
  /** Whether earlier attempts have used up half of a limit that counts this one. */
  readonly isHalfUsed: boolean;
  /** Takes the attempt back, as if it had not come. @throws the driver's error */
  withdraw(): Promise<void>;
}

export interface LimitHit {
  readonly limit: LimitName;
  /** The setting that changes it; undefined if there is none. */
  readonly variable: string | undefined;
  readonly retryAfterSeconds: number;
}

export type RequestScopes = AsyncLocalStorage<RequestScope>;

export function createRequestScopes(): RequestScopes {
  return new AsyncLocalStorage<RequestScope>();
}

/** Records a database error for the current request. */
export function recordDatabaseError(scope: RequestScope | undefined, error: unknown): void {
  if (scope !== undefined) scope[databaseFault(error)] ??= error;
}

/**
 * @param waitUntil keeps a platform awake that suspends the process between requests
 * @returns runs work after the response to the request at hand, or at once outside a request; the work must not reject
 */
export function createAfterResponse(
  scopes: RequestScopes,
  waitUntil: ((work: Promise<unknown>) => void) | undefined,
): (work: () => Promise<void>) => void {
  return function afterResponse(work) {
    const responseSent = scopes.getStore()?.waitForResponse?.() ?? Promise.resolve();
    const done = responseSent.then(work);
    waitUntil?.(done);
  };
}
