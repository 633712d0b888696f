/** The one importer of `pg`: a pool that always answers within its timeouts, and never keeps a broken connection. */
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { causesOf } from './database-error.js';
import * as schema from './schema.js';

/** Drizzle over the pool, with the service's tables. */
export type Orm = NodePgDatabase<typeof schema>;

export interface Database {
  readonly orm: Orm;
  readonly pool: pg.Pool;
  /** Waits for running queries, then closes every connection. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** A connection broke while nobody used it; the pool replaces it by itself. */
  readonly onIdleError: (error: Error) => void;
  /** A free connection or a new one must be there by then. Neon needs a few hundred milliseconds to wake. */
  readonly connectTimeoutMs?: number;
  /** A statement must have answered by then; its connection is closed when not. */
  readonly queryTimeoutMs?: number;
  readonly maxConnections?: number;
}

/** Opens nothing yet: the first query does. */
export function createDatabase(options: DatabaseOptions): Database {
  const { connectTimeoutMs = 8_000, queryTimeoutMs = 5_000, maxConnections = 10 } = options;
  const pool = new pg.Pool({
    connectionString: withStrictTls(options.url),
    application_name: 'auth-service',
    max: maxConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    // Client-side, because poolers in transaction mode refuse or leak a server-side statement_timeout.
    query_timeout: queryTimeoutMs,
    idleTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // Without a listener a connection that breaks while idle would end the process.
  pool.on('error', options.onIdleError);
  // The same within a transaction, where the pool does not listen; the statement in flight rejects as well.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const orm = drizzle(pool, { schema });
  orm.transaction = (run) => transact(pool, run);
  return { orm, pool, close: () => pool.end() };
}

/**
 * Replaces Drizzle 0.45's transaction, which leaks the connection when BEGIN fails and returns a connection to
 * the pool whose ROLLBACK timed out behind a statement that still runs. Here a connection that could not commit or
 * roll back is closed, so the server undoes its work.
 */
async function transact<T>(pool: pg.Pool, run: (tx: never) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isClean = false;
  try {
    await client.query('BEGIN');
    const result = await run(drizzle(client, { schema }) as never);
    await client.query('COMMIT');
    isClean = true;
    return result;
  } catch (error) {
    isClean = await rolledBack(client, error);
    throw error;
  } finally {
    client.release(!isClean);
  }
}

async function rolledBack(client: pg.PoolClient, cause: unknown): Promise<boolean> {
  // After a timeout the statement still occupies the connection: ROLLBACK would only wait behind it.
  if (isTimeout(cause)) return false;
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  );
}

function isTimeout(error: unknown): boolean {
  return [...causesOf(error)].some(({ message }) => message === 'Query read timeout');
}

/** A single connection with no timeouts, for migrations; rejects when the server cannot be reached. */
export async function connectOnce(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: withStrictTls(url),
    application_name: 'auth-service-migrate',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined); // the query in flight rejects with the same error
  await client.connect();
  return client;
}

/**
 * `sslmode=require`, as Neon's console writes it, is read by pg 8 as `verify-full` with a warning at each start.
 * Saying what is meant keeps the certificate check and the log quiet.
 */
function withStrictTls(url: string): string {
  return url.replace(/([?&]sslmode=)(?:require|prefer|verify-ca)(?=&|$)/, '$1verify-full');
}
