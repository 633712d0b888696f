/**
 * Inserts that become part of the next insert into another table: one statement, so both are written or neither, without
 * the round trips of a transaction.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { WithSubquery, type Table } from 'drizzle-orm';
import type { Orm, OrmOrTransaction } from './client.js';
import { afterCommit } from './current-transaction.js';

type CanInsert = Pick<OrmOrTransaction, 'insert'>;

interface Joined {
  readonly table: Table;
  readonly inserts: readonly WithSubquery[];
  /** Whether the insert that they are part of was made. */
  isMade: boolean;
}

const current = new AsyncLocalStorage<Joined>();

/** What is given to `collect` → what to call back after the statement. */
const callbacksOf = new WeakMap<object, (() => void)[]>();

/**
 * Runs `work`, each of whose inserts into `table` through an Orm of `joiningInserts` also makes those of `collect`. If it
 * makes none, they are not made either.
 * @param collect awaits `insert(…).values(…)` only
 */
export async function joinInserts<T>(
  orm: Orm,
  table: Table,
  collect: (db: CanInsert) => Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  const inserts: WithSubquery[] = [];
  const collecting = {
    insert: (into: Table) => ({
      values(rows: never) {
        const query = orm.insert(into as never).values(rows);
        inserts.push(new WithSubquery(query.getSQL(), {}, `joined_${inserts.length}`, true));
        return Promise.resolve();
      },
    }),
  };
  const callbacks: (() => void)[] = [];
  callbacksOf.set(collecting, callbacks);
  await collect(collecting as unknown as CanInsert);
  const joined: Joined = { table, inserts, isMade: false };
  const result = await current.run(joined, work);
  if (joined.isMade) for (const callback of callbacks) afterCommit(orm, callback);
  return result;
}

/**
 * Calls back once what was inserted through `db` is stored: after the statement that it was joined to, or the commit of the
 * transaction that the caller runs in; at once without either. Never if that fails.
 * @param db an Orm, a transaction, or what `collect` was given
 */
export function afterInsert(orm: Orm, db: CanInsert, callback: () => void): void {
  const callbacks = callbacksOf.get(db);
  if (callbacks === undefined) afterCommit(orm, callback);
  else callbacks.push(callback);
}

/** The same Orm, whose inserts make those of `joinInserts` as well. Its transactions do not. */
export function joiningInserts(orm: Orm): Orm {
  function insert(table: never) {
    const joined = current.getStore();
    if (joined?.table !== table) return orm.insert(table);
    joined.isMade = true;
    return orm.with(...joined.inserts).insert(table);
  }
  return Object.create(orm, { insert: { value: insert } }) as Orm;
}
