/** The sessions of a user: those that are live, and how the others ended. */
import { and, eq, gte, lt, or } from 'drizzle-orm';
import type { OrmOrTransaction } from '../../../db/client.js';
import { endedSession, session } from '../../../db/schema.js';
import { isLive } from '../../../db/session-endings.js';
import type { SecondFactorDue } from '../../../session/proof.js';
import { tokenFingerprint } from '../../../session/signed-token.js';
import type { ExplainSettings } from './settings.js';

export interface LiveSession {
  readonly fingerprint: string;
  readonly createdAt: Date;
  readonly endsAt: Date;
  /** Set while it waits for a second factor: it signs in to nothing. */
  readonly due: SecondFactorDue | null;
}

export interface Ending {
  readonly reason: string;
  readonly at: Date;
  /** The browser of the request that ended it. */
  readonly device: string | null;
  /** Fingerprint of the session that ended it. */
  readonly bySession: string | null;
}

/** @throws what the driver throws */
export async function readSessions(
  db: OrmOrTransaction,
  userId: string,
  lifetime: ExplainSettings,
): Promise<LiveSession[]> {
  const rows = await db
    .select({
      token: session.token,
      createdAt: session.createdAt,
      expiresAt: session.expiresAt,
      due: session.secondFactorDue,
    })
    .from(session)
    .where(and(eq(session.userId, userId), isLive(lifetime)))
    .limit(maxRead);
  return rows.map(({ token, createdAt, expiresAt, due }) => {
    const end = new Date(createdAt.getTime() + lifetime.absoluteSeconds * 1000);
    const endsAt = expiresAt < end ? expiresAt : end;
    return { fingerprint: tokenFingerprint(token), createdAt, endsAt, due };
  });
}

const maxRead = 500;

/** Of the sessions with these fingerprints. @throws what the driver throws */
export async function readEndings(
  db: OrmOrTransaction,
  fingerprints: readonly string[],
): Promise<Map<string, Ending>> {
  if (fingerprints.length === 0) return new Map();
  // A range of the primary key each: the fingerprint is the start of the hash, and `g` follows the last hex digit.
  const ranges = fingerprints
    .slice(0, maxRanges)
    .map((one) => and(gte(endedSession.tokenHash, one), lt(endedSession.tokenHash, `${one}g`)));
  const rows = await db
    .select()
    .from(endedSession)
    .where(or(...ranges));
  return new Map(
    rows.map(({ tokenHash, reason, endedAt, byDevice, bySession }) => [
      tokenHash.slice(0, fingerprintLength),
      { reason, at: endedAt, device: byDevice, bySession },
    ]),
  );
}

const maxRanges = 100;
const fingerprintLength = 8;
