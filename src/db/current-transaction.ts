/**
 * The transaction that the caller runs in. BetterAuth begins transactions and passes on only its adapter, but a mail must
 * be written in the same one: a mail without its token, or a token without its mail, would both be wrong.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Tables } from './all-tables.js';

/** As in client.ts, which imports this file. */
type Orm = NodePgDatabase<Tables>;

interface OpenTransaction {
  /** The Orm whose `transaction` began it: several databases may be open in one process. */
  readonly outer: Orm;
  readonly inner: Orm;
  readonly onCommit: (() => void)[];
  /** False once it ended: work that outlives it must not use its connection. */
  isOpen: boolean;
}

const transactions = new AsyncLocalStorage<OpenTransaction>();

function openTransaction(orm: Orm): OpenTransaction | undefined {
  const current = transactions.getStore();
  const isCurrent = current?.isOpen === true && (current.outer === orm || current.inner === orm);
  return isCurrent ? current : undefined;
}

/** The open transaction of `orm` that the caller runs in, otherwise `orm` itself. */
export function currentTransaction(orm: Orm): Orm {
  return openTransaction(orm)?.inner ?? orm;
}

/** Calls back after the commit of the transaction that the caller runs in, never after a rollback; immediately without one. */
export function afterCommit(orm: Orm, callback: () => void): void {
  const current = openTransaction(orm);
  if (current === undefined) callback();
  else current.onCommit.push(callback);
}

/**
 * Runs a transaction so that `currentTransaction` finds it.
 * @param begin begins it, and resolves after the commit
 */
export async function asCurrentTransaction<T>(
  outer: Orm,
  begin: (run: (inner: Orm, work: () => Promise<T>) => Promise<T>) => Promise<T>,
): Promise<T> {
  let current: OpenTransaction | undefined;
  const result = await begin(async (inner, work) => {
    const opened: OpenTransaction = { outer, inner, onCommit: [], isOpen: true };
    current = opened;
    try {
      return await transactions.run(opened, work);
    } finally {
      opened.isOpen = false;
    }
  });
  for (const callback of current?.onCommit ?? []) callback();
  return result;
}
