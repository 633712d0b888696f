/**
 * Who this is, or exactly why nobody is: headers → credential → one query → verdict.
 * Knows no HTTP framework, writes nothing, and never turns a failing database into "signed out".
 */
import { isServiceBusy } from '../event-loop.js';
import { readCredential, type CredentialHeaders, type CredentialRules } from './credential.js';
import { bounded, type SessionLifetime } from './lifetime.js';
import { fixFor, type Reason, type ReasonFixes } from './reasons.js';
import { tokenFingerprint, type VerifiedToken } from './signed-token.js';

/** A stored session without its token (ASVS 3.3.4). Features may have added columns; shown-fields.ts picks what is shown. */
interface Session {
  readonly id: string;
  readonly userId: string;
  readonly expiresAt: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
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

export interface Verdict {
  readonly reason: Reason;
  /** What was seen and which setting to change; empty when all is well. For the log, not for the visitor. */
  readonly hint: string;
  /** Present exactly when the reason means "signed in". */
  readonly identity?: Identity;
  /** The verified token, for an answer to its own holder; no log and no answer to anybody else may carry it. */
  readonly token?: string;
  readonly source?: 'cookie' | 'bearer';
  /** The caller's, unmasked. */
  readonly cookieName?: string;
  readonly valueLength?: number;
  readonly tokenFingerprint?: string;
  /** Version of the secret that signed the credential. */
  readonly secretVersion?: number;
  /** Why the database could not be asked, for the log. */
  readonly error?: unknown;
}

export interface InspectorDependencies extends CredentialRules {
  readonly findSession: (token: string) => Promise<StoredSession | undefined>;
  readonly lifetime: SessionLifetime;
  readonly now: () => Date;
}

/** Gives exactly one reason for any headers, at the price of one query, or none for what does not verify. */
export type InspectSession = (
  headers: CredentialHeaders,
  recordDuration?: RecordDuration,
) => Promise<Verdict>;

/**
 * Takes how long a part took: `verify`, the credential and its signature, and `query`, the database with the wait for a
 * connection and for the checks that share the query.
 */
export type RecordDuration = (part: 'verify' | 'query' | 'total', milliseconds: number) => void;

export function createInspector(dependencies: InspectorDependencies): InspectSession {
  const { findSession, lifetime, now, ...rules } = dependencies;
  const verdict = createVerdict(rules.reasonFixes);

  return async function inspectSession(headers, recordDuration) {
    const startedAt = performance.now();
    const { verified, candidates, reason, hint, ...seen } = readCredential(headers, rules);
    const verifiedAt = performance.now();
    recordDuration?.('verify', verifiedAt - startedAt);
    if (verified === undefined) return verdict(reason ?? 'no_credential', seen, hint);
    const asked = candidates ?? [{ ...verified, hint: hint ?? '', valueLength: seen.valueLength }];
    let rows: (StoredSession | undefined)[];
    try {
      // Asked in one turn of the event loop, so that they share the one query.
      rows = await Promise.all(asked.map(({ token }) => findSession(token)));
    } catch (error) {
      const nobodyCanTell = isServiceBusy(error) ? 'service_busy' : 'database_unavailable';
      return { ...verdict(nobodyCanTell, factsOf(seen, verified)), error };
    } finally {
      recordDuration?.('query', performance.now() - verifiedAt);
    }
    const verdicts = asked.map(({ hint: place, valueLength, ...one }, index) => {
      const facts = factsOf(seen, one, valueLength);
      return judge(one, rows[index], facts, place || undefined);
    });
    const living = verdicts.find(({ identity }) => identity !== undefined);
    if (living !== undefined) return living;
    // The first did not verify, and no other brings a session that lives.
    if (reason !== undefined) return verdict(reason, seen, hint, 'none of their sessions lives');
    return mostSpecific(verdicts);
  };

  function judge(
    { token, isCurrent }: VerifiedToken,
    stored: StoredSession | undefined,
    facts: Partial<Verdict>,
    hint: string | undefined,
  ): Verdict {
    if (stored === undefined) return verdict('session_not_found', facts, hint);
    const { user } = stored;
    if (user === null) return verdict('user_not_found', facts, hint);
    const session = bounded(stored.session, lifetime);
    const overdueMs = now().getTime() - session.expiresAt.getTime();
    if (overdueMs > 0) {
      const ended = `ended ${Math.ceil(overdueMs / 1000)} s ago by this server's clock, ${now().toISOString()}`;
      const isCut = session !== stored.session;
      const limit = isCut ? 'SESSION_ABSOLUTE_DAYS after the sign-in' : undefined;
      return verdict('session_expired', facts, hint, ended, limit);
    }
    const signedIn = isCurrent ? 'valid' : 'valid_previous_secret';
    return { ...verdict(signedIn, facts, hint), identity: { session, user }, token };
  }
}

function factsOf(
  seen: Partial<Verdict>,
  { token, secretVersion }: VerifiedToken,
  valueLength = seen.valueLength,
): Partial<Verdict> {
  return {
    ...seen,
    ...(valueLength !== undefined && { valueLength }),
    tokenFingerprint: tokenFingerprint(token),
    secretVersion,
  };
}

/** Of sessions none of which lives: a row that was found tells more than one that was not. */
function mostSpecific(verdicts: readonly Verdict[]): Verdict {
  const order: readonly Reason[] = ['session_expired', 'user_not_found', 'session_not_found'];
  const [first] = order.flatMap((reason) => verdicts.filter((one) => one.reason === reason));
  if (first === undefined) throw new Error('there is no verdict to choose from');
  return first;
}

/** Makes a verdict whose hint says what was seen and which setting to change. */
function createVerdict(fixes: ReasonFixes | undefined) {
  return function verdict(
    reason: Reason,
    facts: Partial<Verdict>,
    ...seen: (string | undefined)[]
  ): Verdict {
    return { ...facts, reason, hint: [...seen, fixFor(reason, fixes)].filter(Boolean).join('; ') };
  };
}
