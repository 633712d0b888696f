/**
 * Ends every session, and all else by which a browser is known: mailed links and codes, trusted devices, sign-ins that wait
 * for something. In small statements that skip locked rows, so that the service can run meanwhile.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { and, getTableName, inArray, isNull, lt, ne, sql, type SQL } from 'drizzle-orm';
import { undoPurpose } from '../../auth/link-rows.js';
import type { Orm } from '../../db/client.js';
import { mailedLink, session, verification } from '../../db/schema.js';
import { endSessions } from '../../db/session-endings.js';
import { CommandRefusedError } from '../command-refused.js';

const batchRows = 1_000;
/** For rows that other transactions have locked; a request takes seconds at most. */
const lockTimeoutMs = 30_000;

export interface EndedCounts {
  readonly sessions: number;
  /** Mailed links and codes. */
  readonly links: number;
  /** Trusted devices, and steps of sign-ins that were not finished. */
  readonly verifications: number;
}

export interface EndAll {
  /** What `end` would end now. */
  count(): Promise<EndedCounts>;
  /** Safe to repeat after an error. @throws LockedRowsError, or errors of the driver */
  end(): Promise<EndedCounts>;
}

/** Rows stayed locked; the message says in which table. */
class LockedRowsError extends CommandRefusedError {
  override readonly name = 'LockedRowsError';
}

/**
 * @param createdBefore undefined for all
 * @param absoluteSeconds maximum lifetime of a session (`SESSION_ABSOLUTE_DAYS`)
 */
export function createEndAll(
  orm: Orm,
  createdBefore: Date | undefined,
  absoluteSeconds: number,
): EndAll {
  const isOlder = (table: typeof session | typeof mailedLink | typeof verification) =>
    createdBefore && lt(table.createdAt, createdBefore);
  // Links that undo a change stay, as in endLinks: they take an account back from somebody else.
  const isOpenLink = and(
    isNull(mailedLink.usedAt),
    isNull(mailedLink.replacedAt),
    ne(mailedLink.purpose, undoPurpose),
    isOlder(mailedLink),
  );

  const openLinks = orm.select({ id: mailedLink.id }).from(mailedLink).where(isOpenLink);
  const oldSessions = orm.select({ id: session.id }).from(session).where(isOlder(session));
  const oldVerifications = orm
    .select({ id: verification.id })
    .from(verification)
    .where(isOlder(verification));
  const unlocked = ['update', { skipLocked: true }] as const;

  return {
    count: async () => ({
      sessions: await orm.$count(session, isOlder(session)),
      links: await orm.$count(mailedLink, isOpenLink),
      verifications: await orm.$count(verification, isOlder(verification)),
    }),
    end: async () => ({
      sessions: await repeat(orm, session, isOlder(session), async () => {
        const batch = oldSessions.limit(batchRows).for(...unlocked);
        const ending = { reason: 'session_ended_by_operator' } as const;
        const ended = await endSessions(orm, inArray(session.id, batch), ending, {
          absoluteSeconds,
        });
        return ended.length;
      }),
      links: await repeat(orm, mailedLink, isOpenLink, async () => {
        const batch = openLinks.limit(batchRows).for(...unlocked);
        const ended = orm.update(mailedLink).set({ replacedAt: sql`statement_timestamp()` });
        const rows = ended.where(inArray(mailedLink.id, batch)).returning({ id: mailedLink.id });
        return (await rows).length;
      }),
      verifications: await repeat(orm, verification, isOlder(verification), async () => {
        const batch = oldVerifications.limit(batchRows).for(...unlocked);
        const ended = orm.delete(verification).where(inArray(verification.id, batch));
        return (await ended.returning({ id: verification.id })).length;
      }),
    }),
  };
}

/** Repeats the statement until no row is left. @returns how many rows it has changed */
async function repeat(
  orm: Orm,
  table: typeof session | typeof mailedLink | typeof verification,
  condition: SQL | undefined,
  run: () => Promise<number>,
): Promise<number> {
  let total = 0;
  let lastChangeAt = performance.now();
  for (;;) {
    const changed = await run();
    total += changed;
    if (changed > 0) {
      lastChangeAt = performance.now();
      continue;
    }
    const left = await orm.$count(table, condition);
    if (left === 0) return total;
    if (performance.now() - lastChangeAt > lockTimeoutMs) {
      const name = getTableName(table);
      throw new LockedRowsError(
        `${left} rows of ${name} are locked by other transactions: run it again`,
      );
    }
    await sleep(100);
  }
}
