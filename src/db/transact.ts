/**
 * Replaces Drizzle 0.45's transaction, which leaks the connection when BEGIN fails and returns a connection to
 * the pool whose ROLLBACK timed out behind a statement that still runs. Here a connection that could not commit or
 * roll back is closed, so the server undoes its work.
 */
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { Tables } from './all-tables.js';
import { isStatementTimeout } from './unavailable.js';

export async function transact<T>(
  pool: pg.Pool,
  tables: Tables,
  run: (tx: never) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let unclean: Error | boolean = true;
  try {
    await client.query('BEGIN');
    const result = await run(drizzle(client, { schema: tables }) as never);
    await client.query('COMMIT');
    unclean = false;
    return result;
  } catch (error) {
    if (isStatementTimeout(error)) unclean = error as Error;
    else unclean = !(await rolledBack(client));
    throw error;
  } finally {
    // After a timeout the statement still occupies the connection: ROLLBACK would only wait behind it.
    client.release(unclean);
  }
}

async function rolledBack(client: pg.PoolClient): Promise<boolean> {
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  );
}
