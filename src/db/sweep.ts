/**
 * Deletes what nobody asks for any more, a thousand rows a statement, so that no lock and no statement lasts. Rows
 * that another sweep holds are passed over, so any number of instances may sweep at once, through a pooler too.
 */
import { sql, type SQL } from 'drizzle-orm';
import { longestWindowSeconds } from '../config/rate-limits.js';
import type { Orm } from './client.js';

export const sweptTables = ['session', 'verification', 'rate_limit'] as const;

/** Table → how many rows were deleted. */
export type Swept = Record<(typeof sweptTables)[number], number>;

type CanExecute = Pick<Orm, 'execute'>;

export interface SweepOptions {
  /** The service's clock. */
  readonly now: Date;
  /** No statement begins later than so many milliseconds after the first; what is left waits for the next sweep. */
  readonly withinMs: number;
  /** Asked before each statement; where it says no, what is left waits for the next sweep. */
  readonly hasRoom?: () => boolean;
}

const batchRows = 1_000;

const nowMs = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

/** Once an hour for all instances together. */
const claimLastsMs = 3_600_000;
const claimKey = 'sweep|automatic';

const days = {
  /** Until then a check says `session_expired`, which is the true reason; afterwards it can only say not found. */
  expiredSession: 7,
  /** Nothing tells why a used or expired link fails; a day is for whoever looks into the table. */
  expiredVerification: 1,
  /** How long a network stays known from which an account signed in (account-limit.ts). */
  knownNetwork: 90,
} as const;

/**
 * What goes. Whether a session has expired is decided by the service's clock, so its row goes where both clocks say so:
 * one that is ahead takes no session that lives by the other. Each begins with a column that has an index.
 */
const goneBy = (now: Date): Readonly<Record<(typeof sweptTables)[number], readonly SQL[]>> => ({
  session: [expiredFor(days.expiredSession, now)],
  verification: [expiredFor(days.expiredVerification, now)],
  rate_limit: [
    sql`last_request < ${nowMs} - ${longestWindowSeconds * 1000}::bigint and key not like 'known|%'`,
    sql`last_request < ${nowMs} - ${days.knownNetwork * 86_400_000}::bigint`,
    // A clock that was ahead left them: no window is open there, and they would stay until that time comes.
    sql`last_request > ${nowMs} + 60000`,
  ],
});

function expiredFor(days: number, now: Date): SQL {
  return sql`expires_at < least(now(), ${now.toISOString()}::timestamptz) - make_interval(days => ${days})`;
}

/** Deletes what is due. @throws what the driver throws; the batches before it stay deleted */
export async function sweep(
  orm: CanExecute,
  { now, withinMs, hasRoom = () => true }: SweepOptions,
): Promise<Swept> {
  const endsAt = performance.now() + withinMs;
  const swept: Swept = { session: 0, verification: 0, rate_limit: 0 };
  const gone = goneBy(now);
  for (const table of sweptTables) {
    for (const isGone of gone[table]) {
      let deleted = batchRows;
      while (deleted === batchRows && performance.now() < endsAt && hasRoom()) {
        deleted = await deleteBatch(orm, table, isGone);
        swept[table] += deleted;
      }
    }
  }
  return swept;
}

/** Whether it is this process's turn: true for one caller within an hour, whichever instance it is. */
export async function claimSweep(orm: CanExecute): Promise<boolean> {
  const { rows } = await orm.execute(sql`
    insert into rate_limit (id, key, count, last_request)
    values (gen_random_uuid()::text, ${claimKey}, 0, ${nowMs})
    on conflict (key) do update set last_request = ${nowMs}
      where rate_limit.last_request <= ${nowMs} - ${claimLastsMs}::bigint
        or rate_limit.last_request > ${nowMs} + 60000
    returning 1`);
  return rows.length > 0;
}

async function deleteBatch(orm: CanExecute, table: string, isGone: SQL): Promise<number> {
  const { rowCount } = await orm.execute(sql`
    delete from ${sql.identifier(table)} where id in (
      select id from ${sql.identifier(table)} where ${isGone}
      limit ${batchRows} for update skip locked
    )`);
  return rowCount ?? 0;
}
