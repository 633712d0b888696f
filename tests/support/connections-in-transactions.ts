/**
 * Work in a transaction that asks the pool for another connection: with a pool that is busy, each transaction would wait
 * for a connection that another one holds, until both time out.
 */
import type { Database } from '../../src/db/client.js';
import { currentTransaction } from '../../src/db/current-transaction.js';

/** @returns the stacks of the callers that did, so far */
export function watchConnectionsInTransactions({ orm, pool }: Database): () => readonly string[] {
  const stacks: string[] = [];
  const connect = pool.connect.bind(pool) as (...args: unknown[]) => unknown;
  const watched = (...args: unknown[]) => {
    if (currentTransaction(orm) !== orm) stacks.push(new Error('in a transaction').stack ?? '');
    return connect(...args);
  };
  pool.connect = watched as typeof pool.connect;
  return () => stacks;
}
