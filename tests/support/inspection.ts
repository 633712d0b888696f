/** An inspector with a store of one session and its credentials: for tests of verdicts without a server. */
import type { CredentialHeaders } from '../../src/session/credential.js';
import { createInspector, type StoredSession, type Verdict } from '../../src/session/inspector.js';
import type { FindEnding } from '../../src/session/session-end.js';
import { signCookie } from './better-call.js';

export const cookieName = '__Secure-better-auth.session_token';
export const token = 'abcdefghijklmnopqrstuvwxyz012345';

export const currentSecret = 'the-secret-in-use-0123456789-0123456789';
const current = { version: 2, value: currentSecret };
const previous = { version: 1, value: 'the-secret-before-0123456789-0123456789' };

/** Cookie values as in a header; their signatures have a `+`. */
export const signed = await signCookie(token, current.value);
export const signedBefore = await signCookie(token, previous.value);
export const signedElsewhere = await signCookie(token, 'a-secret-of-somebody-else-0123456789');

const now = new Date('2026-03-01T12:00:00Z');

const day = 86_400;
export const lifetime = {
  idleSeconds: 7 * day,
  absoluteSeconds: 30 * day,
  refreshAfterSeconds: day,
};

/** The stored session, expiring in this many milliseconds. */
export function storedSession(endsInMs = 1): StoredSession {
  const common = { createdAt: now, updatedAt: now };
  const expiresAt = new Date(now.getTime() + endsInMs);
  return {
    session: {
      ...common,
      id: 's',
      userId: 'u',
      expiresAt,
      ipAddress: null,
      userAgent: null,
      aal: 1,
      methods: [],
      provenAt: now,
      secondFactorDue: null,
    },
    user: { ...common, id: 'u', name: 'A', email: 'a@b.c', emailVerified: true, image: null },
  };
}

export interface InspectOptions {
  /** The store's result; by default an active session. */
  readonly find?: () => Promise<StoredSession | undefined>;
  readonly findEnding?: FindEnding;
  readonly bearer?: boolean;
}

export interface Inspection {
  readonly verdict: Verdict;
  /** Every token that was looked up. */
  readonly queries: string[];
}

/** @param given the Cookie header, or all headers */
export async function inspect(
  given: string | CredentialHeaders,
  options: InspectOptions = {},
): Promise<Inspection> {
  const { find = () => Promise.resolve(storedSession()), bearer = true } = options;
  const queries: string[] = [];
  const inspectSession = createInspector({
    cookieName,
    dontRememberCookieName: '__Secure-better-auth.dont_remember',
    secrets: [current, previous],
    bearer,
    now: () => now,
    clock: { aheadMs: () => 0, compare: () => Promise.resolve(0) },
    lifetime,
    findEnding: options.findEnding ?? (() => Promise.resolve(undefined)),
    findSession(asked) {
      queries.push(asked);
      return find();
    },
  });
  const verdict = await inspectSession(typeof given === 'string' ? { cookie: given } : given);
  return { verdict, queries };
}
