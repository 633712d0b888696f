/**
 * Replaces Drizzle 0.45's transaction, which leaks the connection when BEGIN fails and returns a connection to
 * the pool whose ROLLBACK timed out behind a statement that still runs. Here a connection that could not commit or
 * roll back is closed, so the server undoes its work.
 */
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { Tables } from './all-tables.js';
import { isStatementTimeout } from './unavailable.js';

export async function runInTransaction<T>(
  pool: pg.Pool,
  tables: Tables,
  run: (tx: never) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let discardConnection: Error | boolean = true;
  try {
    await client.query('BEGIN');
    const result = await run(drizzle(client, { schema: tables }) as never);
    await client.query('COMMIT');
    discardConnection = false;
    return result;
  } catch (error) {
    if (isStatementTimeout(error)) discardConnection = error as Error;
    else discardConnection = !(await tryRollback(client));
    throw error;
  } finally {
    // After a timeout the statement still occupies the connection: ROLLBACK would only wait behind it.
    client.release(discardConnection);
  }
}

async function tryRollback(client: pg.PoolClient): Promise<boolean> {
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  );
}
