/**
 * Determines who is signed in, or the exact reason why not: headers → credential → one query → verdict. A second query
 * follows only where no session was found: how it ended.
 * Independent of the HTTP framework, read-only, and never reports a database failure as "signed out".
 */
import { isServiceBusy } from '../event-loop.js';
import { readCredential, type CredentialHeaders, type CredentialRules } from './credential.js';
import type { ComparedClock } from './compared-clock.js';
import { capExpiry, isAtMaxLifetime, type SessionLifetime } from './lifetime.js';
import { createHints } from './hints.js';
import type { Reason } from './reasons.js';
import type { SecondFactorDue, SessionProofs } from './proof.js';
import type { FindEnding, SessionEnd } from './session-end.js';
import { tokenFingerprint, type VerifiedToken } from './signed-token.js';

/** A stored session without its token (ASVS 3.3.4). Features may add columns; shown-fields.ts selects the public ones. */
interface Session extends SessionProofs {
  readonly id: string;
  readonly userId: string;
  readonly expiresAt: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  /** Set while the sign-in waits for a second factor. */
  readonly secondFactorDue: SecondFactorDue | null;
}

interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly image: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface StoredSession {
  readonly session: Session;
  readonly user: User | null;
}

export interface Identity {
  readonly session: Session;
  readonly user: User;
}

/** Facts about the examined credential, for the log. */
interface CredentialFacts {
  readonly source?: 'cookie' | 'bearer';
  /** As sent by the caller, unmasked. */
  readonly cookieName?: string;
  readonly valueLength?: number;
  readonly tokenFingerprint?: string;
  /** Version of the secret that signed the credential. */
  readonly secretVersion?: number;
}

interface AnyVerdict extends CredentialFacts {
  readonly reason: Reason;
  /** The evidence and the setting to change; empty if nothing is wrong. For the log, not for the user. */
  readonly hint: string;
}

interface SignedIn extends AnyVerdict {
  readonly signedIn: true;
  readonly identity: Identity;
  /** When this was found, by the database's clock: what is left of the session is counted from here. */
  readonly checkedAt: Date;
  /** The verified token, for a response to its owner only; never log it or send it to another caller. */
  readonly token: string;
  /** Whether no verified credential before this one was passed over, because its session is not active. */
  readonly isFirst: boolean;
}

/** Not signed in, or unknown because something was unavailable. */
interface NotSignedIn extends AnyVerdict {
  readonly signedIn: false;
  /** When and how the session ended. Only the holder of a signed credential may know it. */
  readonly ended?: SessionEnd;
  /** Why the database query failed, for the log. */
  readonly error?: unknown;
}

export type Verdict = SignedIn | NotSignedIn;

export interface InspectorDependencies extends CredentialRules {
  readonly findSession: (token: string) => Promise<StoredSession | undefined>;
  /** Called for tokens without a session. */
  readonly findEnding: FindEnding;
  readonly lifetime: SessionLifetime;
  readonly now: () => Date;
  readonly clock: ComparedClock;
}

/** Returns exactly one reason for any headers, with at most two queries: one for an active session, none if nothing verifies. */
export type InspectSession = (
  headers: CredentialHeaders,
  recordDuration?: RecordDuration,
) => Promise<Verdict>;

/**
 * Receives the duration of each part: `verify`, parsing and signature, and `query`, the database, including the wait for
 * a connection and for the checks that share the query.
 */
export type RecordDuration = (part: 'verify' | 'query' | 'total', milliseconds: number) => void;

export function createInspector(dependencies: InspectorDependencies): InspectSession {
  const { findSession, findEnding, lifetime, now, clock, ...rules } = dependencies;
  const hintFor = createHints(rules.reasonFixes);

  return async function inspectSession(headers, recordDuration) {
    const startedAt = performance.now();
    const { verified, candidates, reason, hint, ...seen } = readCredential(headers, rules);
    const verifiedAt = performance.now();
    recordDuration?.('verify', verifiedAt - startedAt);
    if (verified === undefined) return notSignedIn(reason ?? 'no_credential', seen, hint);
    const lookups = candidates ?? [
      { ...verified, hint: hint ?? '', valueLength: seen.valueLength },
    ];
    let verdicts: Verdict[];
    try {
      // Started in one turn of the event loop, so that they share one query.
      const rows = await Promise.all(lookups.map(({ token }) => findSession(token)));
      const evaluateAll = (aheadMs: number) =>
        lookups.map(({ hint: place, valueLength, ...one }, index) =>
          evaluate(one, rows[index], factsOf(seen, one, valueLength), place || undefined, aheadMs),
        );
      verdicts = evaluateAll(await clock.aheadMs());
      if (verdicts.some((one) => 'ended' in one)) verdicts = evaluateAll(await clock.compare());
      const isActive = verdicts.some(({ signedIn }) => signedIn);
      // The first cookie does not verify: that is the reason then.
      if (!isActive && reason === undefined) {
        verdicts = await Promise.all(verdicts.map((one, index) => withEnding(one, lookups[index])));
      }
    } catch (error) {
      const unavailable = isServiceBusy(error) ? 'service_busy' : 'database_unavailable';
      return { ...notSignedIn(unavailable, factsOf(seen, verified)), error };
    } finally {
      recordDuration?.('query', performance.now() - verifiedAt);
    }
    const found = verdicts.find((one) => one.signedIn);
    if (found !== undefined) return { ...found, isFirst: found === verdicts[0] };
    // The first cookie did not verify, and no other one belongs to an active session.
    if (reason !== undefined)
      return notSignedIn(reason, seen, hint, 'none of their sessions is active');
    return mostSpecific(verdicts);
  };

  /** The verdict on a session that was not found, with how it ended. */
  async function withEnding(verdict: Verdict, lookup: Lookup | undefined): Promise<Verdict> {
    if (verdict.reason !== 'session_not_found' || lookup === undefined) return verdict;
    const ended = await findEnding(lookup.token);
    return ended === undefined ? verdict : notAnyMore(ended, verdict, lookup.hint || undefined);
  }

  function evaluate(
    { token, isCurrent }: VerifiedToken,
    stored: StoredSession | undefined,
    facts: CredentialFacts,
    hint: string | undefined,
    aheadMs: number,
  ): Verdict {
    if (stored === undefined) return notSignedIn('session_not_found', facts, hint);
    const { user } = stored;
    if (user === null) return notSignedIn('user_not_found', facts, hint);
    const session = capExpiry(stored.session, lifetime);
    const time = new Date(now().getTime() - aheadMs);
    const overdueMs = time.getTime() - session.expiresAt.getTime();
    if (overdueMs > 0) {
      const ago = `ended ${Math.ceil(overdueMs / 1000)} s ago by the database's clock, ${time.toISOString()}`;
      const isCut = session !== stored.session;
      const limit = isCut ? 'SESSION_ABSOLUTE_DAYS after the sign-in' : undefined;
      const ended = { reason: expiryReason(session, lifetime), at: session.expiresAt };
      if (ended.reason === 'session_expired') {
        return notAnyMore(ended, facts, hint, 'the second factor was not given in time', ago);
      }
      return notAnyMore(ended, facts, hint, ago, limit);
    }
    if (session.secondFactorDue !== null)
      return notSignedIn(pendingReasons[session.secondFactorDue], facts, hint);
    const reason = isCurrent ? 'valid' : 'valid_previous_secret';
    const found = { identity: { session, user }, checkedAt: time, token, isFirst: true };
    return { ...facts, signedIn: true, reason, hint: hintFor(reason, hint), ...found };
  }

  function notAnyMore(
    ended: SessionEnd,
    facts: CredentialFacts,
    ...evidence: (string | undefined)[]
  ): NotSignedIn {
    return { ...notSignedIn(ended.reason, facts, ...evidence), ended };
  }

  function notSignedIn(
    reason: Reason,
    facts: CredentialFacts,
    ...evidence: (string | undefined)[]
  ): NotSignedIn {
    return { ...facts, signedIn: false, reason, hint: hintFor(reason, ...evidence) };
  }
}

/** A verified token with the place of its cookie. */
type Lookup = VerifiedToken & {
  readonly hint: string;
  readonly valueLength?: number | undefined;
};

/** Why a session whose time is over ended. @param session with capped expiry */
function expiryReason(session: Session, lifetime: SessionLifetime): SessionEnd['reason'] {
  if (session.secondFactorDue !== null) return 'session_expired';
  return isAtMaxLifetime(session, lifetime) ? 'session_absolute' : 'session_idle';
}

function factsOf(
  seen: CredentialFacts,
  { token, secretVersion }: VerifiedToken,
  valueLength = seen.valueLength,
): CredentialFacts {
  return {
    ...seen,
    ...(valueLength !== undefined && { valueLength }),
    tokenFingerprint: tokenFingerprint(token),
    secretVersion,
  };
}

const pendingReasons: Readonly<Record<SecondFactorDue, Reason>> = {
  verify: 'second_factor_required',
  enrol: 'second_factor_enrolment_required',
};

/** If no session is active: a sign-in that can still be completed, then the session that ended last. */
function mostSpecific(verdicts: readonly Verdict[]): Verdict {
  const rankOf = (verdict: Verdict) => {
    if (Object.values(pendingReasons).includes(verdict.reason)) return Infinity;
    if ('ended' in verdict) return verdict.ended.at.getTime();
    return verdict.reason === 'user_not_found' ? -1 : -2;
  };
  const [first] = [...verdicts].sort((one, other) => rankOf(other) - rankOf(one));
  if (first === undefined) throw new Error('no verdict to choose from');
  return first;
}
