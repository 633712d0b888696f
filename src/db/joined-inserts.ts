/**
 * Inserts that become part of the next insert into another table: one statement, so both are written or neither, without
 * the round trips of a transaction.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { WithSubquery, type Table } from 'drizzle-orm';
import type { Orm, OrmOrTransaction } from './client.js';

type CanInsert = Pick<OrmOrTransaction, 'insert'>;

interface Joined {
  readonly table: Table;
  readonly inserts: readonly WithSubquery[];
}

const current = new AsyncLocalStorage<Joined>();

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
  await collect(collecting as unknown as CanInsert);
  return current.run({ table, inserts }, work);
}

/** The same Orm, whose inserts make those of `joinInserts` as well. Its transactions do not. */
export function joiningInserts(orm: Orm): Orm {
  function insert(table: never) {
    const joined = current.getStore();
    return joined?.table === table ? orm.with(...joined.inserts).insert(table) : orm.insert(table);
  }
  return Object.create(orm, { insert: { value: insert } }) as Orm;
}
