/** The prepared statements on a pool's open connections: to inspect them, and to drop them as a pooler does. */
import type { Database } from '../../src/db/client.js';

type Pool = Database['pool'];

export interface PreparedStatement {
  readonly name: string;
  readonly statement: string;
}

/** The prepared statements of every idle connection. */
export async function readPrepared(pool: Pool): Promise<PreparedStatement[][]> {
  const text = 'select name, statement from pg_prepared_statements order by prepare_time';
  return onEach(pool, text) as Promise<PreparedStatement[][]>;
}

/** Drops them on the server without the driver's knowledge. */
export async function losePrepared(pool: Pool): Promise<void> {
  await onEach(pool, 'deallocate all');
}

/** Acquires all idle connections at once, so that none is used twice. */
async function onEach(pool: Pool, text: string): Promise<object[][]> {
  const clients = await Promise.all(Array.from({ length: pool.idleCount }, () => pool.connect()));
  const results = await Promise.all(clients.map((client) => client.query<object>(text)));
  for (const client of clients) client.release();
  return results.map(({ rows }) => rows);
}
