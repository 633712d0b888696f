/** The prepared statements on a pool's open connections: to look at, and to lose as a pooler loses them. */
import type { Database } from '../../src/db/client.js';

type Pool = Database['pool'];

export interface PreparedStatement {
  readonly name: string;
  readonly statement: string;
}

/** What every idle connection holds, a list each. */
export async function readPrepared(pool: Pool): Promise<PreparedStatement[][]> {
  const text = 'select name, statement from pg_prepared_statements order by prepare_time';
  return onEach(pool, text) as Promise<PreparedStatement[][]>;
}

/** Takes them away on the server; the driver goes on believing that they are there. */
export async function losePrepared(pool: Pool): Promise<void> {
  await onEach(pool, 'deallocate all');
}

/** Holds all idle connections at once, so that none is asked twice. */
async function onEach(pool: Pool, text: string): Promise<object[][]> {
  const clients = await Promise.all(Array.from({ length: pool.idleCount }, () => pool.connect()));
  const results = await Promise.all(clients.map((client) => client.query<object>(text)));
  for (const client of clients) client.release();
  return results.map(({ rows }) => rows);
}
