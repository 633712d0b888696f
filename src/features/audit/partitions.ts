/**
 * The months of the audit trail. A month that is over is dropped as a whole, which is fast however many events it has;
 * within the month in which the limit falls, events are deleted a thousand at a time.
 */
import { sql } from 'drizzle-orm';
import type { Orm } from '../../db/client.js';
import { sqlState } from '../../log/error-chain.js';

type CanExecute = Pick<Orm, 'execute'>;

const batchRows = 1_000;

/** How many months ahead have a partition. Events beyond, from a clock that is wrong, go to the default partition. */
const monthsAhead = 2;

/**
 * SQL states with which a month is neither created nor dropped. Its events are then in the default partition, which is
 * part of every query, and are deleted a thousand at a time.
 */
const refusals = {
  /** check_violation: the default partition has events of the month already. */
  hasEvents: '23514',
  /** lock_not_available: later is early enough. */
  locked: '55P03',
  /** insufficient_privilege: only the owner of the table may. */
  notOwner: '42501',
} as const;

const fixForRole =
  "run npm run sweep every month as the owner of the table audit_event, or make the service's role its owner";

/** Creating or dropping a partition locks the whole table for a moment; better later than a sign-in that waits. */
const lockTimeout = '2s';

export interface MaintainOptions {
  readonly now: Date;
  /** How long events are kept. */
  readonly days: number;
  /** Checked before each statement; if false, the rest is left to the next sweep. */
  readonly hasTime: () => boolean;
  /** The role may neither create nor drop months. Events are kept and deleted nevertheless. */
  readonly onRefused?: ((fix: string) => void) | undefined;
}

/**
 * Creates the coming months and removes what is older than the limit.
 * @returns the number of deleted events; those of dropped months are an estimate of PostgreSQL
 * @throws the driver's error
 */
export async function maintainAuditTrail(
  orm: CanExecute,
  { now, days, hasTime, onRefused }: MaintainOptions,
): Promise<number> {
  const cutoff = new Date(now.getTime() - days * 86_400_000);
  const change: Change = (statement) => changeMonth(orm, statement, onRefused);
  let deleted = await dropMonthsBefore(orm, cutoff, change);
  await createMonths(orm, now, change);
  let batch = batchRows;
  while (batch === batchRows && hasTime()) {
    batch = await deleteBatch(orm, cutoff);
    deleted += batch;
  }
  return deleted;
}

/** @returns whether it was done */
type Change = (statement: string) => Promise<boolean>;

async function createMonths(orm: CanExecute, now: Date, change: Change): Promise<void> {
  const existing = new Set((await readMonths(orm)).map(({ name }) => name));
  for (let ahead = 0; ahead <= monthsAhead; ahead += 1) {
    const [from, to] = [monthStart(now, ahead), monthStart(now, ahead + 1)];
    const name = `audit_event_${from.slice(0, 7).replace('-', '_')}`;
    if (existing.has(name)) continue;
    await change(
      `create table if not exists ${name} partition of audit_event for values from ('${from}') to ('${to}')`,
    );
  }
}

async function dropMonthsBefore(orm: CanExecute, cutoff: Date, change: Change): Promise<number> {
  let dropped = 0;
  for (const { name, rows } of await readMonths(orm)) {
    const [year = 0, month = 0] = name.split('_').slice(-2).map(Number);
    if (Date.UTC(year, month) > cutoff.getTime()) continue; // the start of the following month
    if (await change(`drop table if exists ${name}`)) dropped += rows;
  }
  return dropped;
}

async function readMonths(orm: CanExecute) {
  const { rows } = await orm.execute<{ name: string; rows: number }>(sql`
    select c.relname as name, greatest(c.reltuples, 0)::float as rows
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = to_regclass('audit_event') and c.relname ~ '^audit_event_[0-9]{4}_[0-9]{2}$'`);
  return rows;
}

/** In one statement, which is a transaction of its own: poolers would leak a plain `set`. */
async function changeMonth(
  orm: CanExecute,
  statement: string,
  onRefused: MaintainOptions['onRefused'],
): Promise<boolean> {
  try {
    await orm.execute(
      sql.raw(`do $$ begin set local lock_timeout = '${lockTimeout}'; ${statement}; end $$`),
    );
    return true;
  } catch (error) {
    const state = sqlState(error) ?? '';
    if (!Object.values<string>(refusals).includes(state)) throw error;
    if (state === refusals.notOwner) onRefused?.(fixForRole);
    return false;
  }
}

/** By key: a ctid is unique within one partition only. */
async function deleteBatch(orm: CanExecute, cutoff: Date): Promise<number> {
  const { rowCount } = await orm.execute(sql`
    delete from audit_event where (at, id) in (
      select at, id from audit_event where at < ${cutoff.toISOString()}::timestamptz
      limit ${batchRows} for update skip locked
    )`);
  return rowCount ?? 0;
}

/** As PostgreSQL reads it, in UTC. */
function monthStart(now: Date, ahead: number): string {
  const start = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead));
  return `${start.toISOString().slice(0, 10)} 00:00:00+00`;
}
