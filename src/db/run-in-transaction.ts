/**
 * Replaces the transaction of Drizzle 0.45, which leaks the connection if BEGIN fails and returns a connection to the
 * pool whose ROLLBACK timed out behind a running statement. Here a connection that could neither commit nor roll back is
 * closed, so that the server rolls back.
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
    // After a timeout the statement still occupies the connection, so ROLLBACK would wait behind it.
    client.release(discardConnection);
  }
}

async function tryRollback(client: pg.PoolClient): Promise<boolean> {
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  );
}
