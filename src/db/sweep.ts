/**
 * Deletes expired rows, a thousand per statement, so that statements and locks stay short. Rows locked by another sweep
 * are skipped, so any number of instances may sweep concurrently, also through a pooler.
 */
import { sql, type SQL, type SQLChunk } from 'drizzle-orm';
import { knownNetworkDays, longestWindowSeconds } from '../config/rate-limits.js';
import {
  featureMaintenance,
  featureSweeps,
  type RecordDeletedUsers,
  type Retention,
} from '../features/sweeps.js';
import type { SessionLifetime } from '../session/lifetime.js';
import type { Orm } from './client.js';
import { endSessions, recordEnds } from './session-endings.js';

export const sweptTables = [
  'session',
  'verification',
  'rate_limit',
  'mailed_link',
  'user',
  'ended_session',
  ...featureSweeps.map(({ table }) => table),
  ...featureMaintenance.map(({ table }) => table),
] as const;

/** Table → how many rows were deleted. */
export type Swept = Record<(typeof sweptTables)[number], number>;

type CanExecute = Pick<Orm, 'execute'>;

export interface SweepOptions {
  /** The service's clock. */
  readonly now: Date;
  /** Decides why an expired session ended. */
  readonly lifetime: Pick<SessionLifetime, 'absoluteSeconds'>;
  /** No statement starts later than this many milliseconds after the first; the rest is left to the next sweep. */
  readonly withinMs: number;
  /** Checked before each statement; if false, the rest is left to the next sweep. */
  readonly hasRoom?: () => boolean;
  readonly retention: Retention;
  readonly recordDeletedUsers?: RecordDeletedUsers;
  /** A table cannot be maintained as it should be; called with what to change. */
  readonly onRefused?: (fix: string) => void;
}

const batchRows = 1_000;

const nowMs = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

/** Once an hour across all instances. */
const claimTtlMs = 3_600_000;
const claimKey = 'sweep|automatic';

const days = {
  /** Afterwards a check reads from `ended_session` how they ended. */
  expiredSession: 7,
  /** No check depends on these rows; a day leaves time to inspect them when a link fails. */
  expiredVerification: 1,
  /** Until then a link reports why it is refused; afterwards only that it is unknown. */
  expiredLink: 1,
} as const;

/**
 * Conditions of the rows to delete. A row is deleted only if it has expired by both clocks: a clock
 * that is ahead deletes no valid session. Each condition starts with an indexed column.
 */
const goneBy = (now: Date): Readonly<Record<string, readonly SQL[]>> => ({
  session: [expiredFor(days.expiredSession, now)],
  verification: [expiredFor(days.expiredVerification, now)],
  rate_limit: [
    sql`last_request < ${nowMs} - ${longestWindowSeconds * 1000}::bigint and key not like 'known|%'`,
    sql`last_request < ${nowMs} - ${knownNetworkDays * 86_400_000}::bigint`,
    // Written while the clock was ahead: such windows are ignored, and the rows would remain until that time.
    sql`last_request > ${nowMs} + 60000`,
  ],
  mailed_link: [expiredFor(days.expiredLink, now)],
  // Foreign keys cascade to sessions and accounts.
  user: [olderThan(sql.identifier('delete_after'), 0, now)],
  ended_session: [expiredFor(0, now)],
  ...featureRules(now),
});

function featureRules(now: Date) {
  type Table = (typeof featureSweeps)[number]['table'];
  const rules = featureSweeps.map(({ table, column, afterDays }) => [
    table,
    [olderThan(sql.identifier(column), afterDays, now)],
  ]);
  return Object.fromEntries(rules) as Record<Table, SQL[]>;
}

function expiredFor(days: number, now: Date): SQL {
  return olderThan(sql.identifier('expires_at'), days, now);
}

function olderThan(column: SQLChunk, days: number, now: Date): SQL {
  return sql`${column} < least(now(), ${now.toISOString()}::timestamptz) - make_interval(days => ${days})`;
}

/** Deletes expired rows. @throws the driver's error; earlier batches remain deleted */
export async function sweep(orm: CanExecute, options: SweepOptions): Promise<Swept> {
  const { now, withinMs, hasRoom = () => true, retention, onRefused } = options;
  const endsAt = performance.now() + withinMs;
  const swept = Object.fromEntries(sweptTables.map((table) => [table, 0])) as Swept;
  const gone = goneBy(now);
  const hasTime = () => performance.now() < endsAt && hasRoom();
  for (const table of sweptTables) {
    for (const isGone of gone[table] ?? []) {
      let deleted = batchRows;
      while (deleted === batchRows && hasTime()) {
        deleted = await deleteBatch(orm, table, isGone, options);
        swept[table] += deleted;
      }
    }
  }
  for (const { table, run } of featureMaintenance) {
    if (hasTime()) {
      swept[table] = await run(orm, { now, days: retention[table], hasTime, onRefused });
    }
  }
  return swept;
}

/** Claims this hour's sweep: true for one caller per hour across all instances. */
export async function claimSweep(orm: CanExecute): Promise<boolean> {
  const { rows } = await orm.execute(sql`
    insert into rate_limit (id, key, count, last_request)
    values (gen_random_uuid()::text, ${claimKey}, 0, ${nowMs})
    on conflict (key) do update set last_request = ${nowMs}
      where rate_limit.last_request <= ${nowMs} - ${claimTtlMs}::bigint
        or rate_limit.last_request > ${nowMs} + 60000
    returning 1`);
  return rows.length > 0;
}

type BatchOptions = Pick<SweepOptions, 'now' | 'lifetime' | 'recordDeletedUsers'>;

/** By ctid, because not every table has an id; a locked row keeps it. */
async function deleteBatch(
  orm: CanExecute,
  table: string,
  isGone: SQL,
  options: BatchOptions,
): Promise<number> {
  const which = sql`ctid = any(array(
      select ctid from ${sql.identifier(table)} where ${isGone}
      limit ${batchRows} for update skip locked
    ))`;
  if (table === 'session') {
    return (await endSessions(orm, which, { reason: 'session_idle' }, options.lifetime)).length;
  }
  const deletion = sql`delete from ${sql.identifier(table)} where ${which}`;
  const isUser = table === 'user';
  const { rowCount } = await orm.execute(isUser ? ofUsers(deletion, options) : deletion);
  return rowCount ?? 0;
}

/** Links have no foreign key, and may hold an address of the user; sessions follow by theirs. */
function ofUsers(deletion: SQL, { lifetime, now, recordDeletedUsers }: BatchOptions): SQL {
  const events = recordDeletedUsers?.(sql`gone`, now);
  const sessions = sql`(select * from session where user_id in (select id from gone)) as theirs`;
  return sql`
    with gone as (${deletion} returning id),
    links as (delete from mailed_link where user_id in (select id from gone)),
    ended as (${recordEnds(sessions, { reason: 'user_deleted' }, lifetime)})
    ${events ? sql`, ${events}` : sql``}
    select id from gone`;
}
