/** The one importer of `pg`: a pool that always answers within its timeouts, and never keeps a broken connection. */
import type { Socket } from 'node:net';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { cancelStatement, type RunningStatement } from './cancel-statement.js';
import { trackConnectAttempts, type ConnectAttempts } from './connect-attempts.js';
import { readConnectionSettings } from './connection-settings.js';
import { trackConnectionUse, type TrackedConnect } from './connection-use.js';
import { connectWithRetry } from './connect-with-retry.js';
import { allTables, type Tables } from './all-tables.js';
import { attributeTimeouts } from './statement-timeout.js';
import { runInTransaction } from './run-in-transaction.js';
import { isStatementTimeout } from './unavailable.js';

/** Drizzle over the pool, with the service's tables. */
export type Orm = NodePgDatabase<Tables>;

/** The tables that the database was created with. */
export function tablesOf(orm: Orm): Tables {
  return orm._.fullSchema;
}

export interface Database {
  readonly orm: Orm;
  readonly pool: pg.Pool;
  /** How its connections are used. */
  readonly connections: Pick<TrackedConnect, 'oldestUseMs' | 'wake'>;
  /** Waits for running queries, then closes every connection. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** A connection broke while nobody used it; the pool replaces it by itself. */
  readonly onIdleError: (error: Error) => void;
  /** A free connection or a new one must be there by then. Neon needs a few hundred milliseconds to wake. */
  readonly connectTimeoutMs?: number;
  /** A statement must have answered by then; when not, it is cancelled and its connection closed. */
  readonly queryTimeoutMs?: number;
  readonly maxConnections?: number;
  readonly now?: () => Date;
  /** All of the service where not given. */
  readonly tables?: Tables;
}

/** For each connection. At a few milliseconds a statement so many are served well within the wait. */
const maxQueueLength = 50;

/** Opens nothing yet: the first query does. */
export function createDatabase(options: DatabaseOptions): Database {
  const { connectTimeoutMs = 8_000, queryTimeoutMs = 5_000, maxConnections = 10 } = options;
  const { now = () => new Date(), tables = allTables } = options;
  const attempts = trackConnectAttempts();
  const pool = new pg.Pool({
    ...readConnectionSettings(options.url),
    Client: watchedBy(attempts),
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
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    attributeTimeouts(client, queryTimeoutMs);
  });
  pool.on('release', (error, client) => {
    if (client instanceof CancellingClient) client.isStuck = isStatementTimeout(error);
  });
  const connect = connectWithRetry(pool, {
    now,
    maxQueueLength: maxQueueLength * maxConnections,
    isUnresponsive: attempts.isUnresponsive,
  });
  const watched = trackConnectionUse(pool, connect);
  pool.connect = withCallback(watched.connect);
  const orm = drizzle(pool, { schema: tables });
  orm.transaction = (run) => runInTransaction(pool, tables, run);
  return { orm, pool, connections: watched, close: () => pool.end() };
}

/** Has the statement cancelled that did not answer in time, while its connection still says which one it is. */
class CancellingClient extends pg.Client {
  isStuck = false;

  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): Promise<void> | undefined {
    if (callback === undefined) return super.end();
    if (this.isStuck) {
      const running = this as unknown as RunningStatement; // pg's types leave out what it holds
      void cancelStatement(running).then(() => super.end(callback));
    } else {
      super.end(callback); // the pool alone calls it so
    }
    return undefined;
  }
}

/** What pg's types leave out of a client that connects. */
interface Connecting {
  readonly connection: { readonly stream: Socket };
}

/** A client whose attempts to connect are told to whoever wants to know why none came about. */
function watchedBy(attempts: ConnectAttempts): typeof CancellingClient {
  return class WatchedClient extends CancellingClient {
    override connect(): Promise<pg.Client>;
    override connect(callback: (error: Error) => void): void;
    override connect(callback?: (error: Error) => void): Promise<pg.Client> | undefined {
      const { stream } = (this as unknown as Connecting).connection;
      const attempt = attempts.begin();
      stream.once('connect', attempt.reached);
      if (callback === undefined) return super.connect();
      super.connect((error: Error | null) => {
        attempt.ended(error ?? undefined);
        callback(error as Error); // the pool alone calls it so
      });
      return undefined;
    }
  };
}

/** The pool's own `query` takes its connection with a callback, Drizzle with a promise. */
function withCallback(connect: () => Promise<pg.PoolClient>): pg.Pool['connect'] {
  type Callback = (
    error: Error | undefined,
    client: pg.PoolClient | undefined,
    release: pg.PoolClient['release'],
  ) => void;
  return ((callback?: Callback) => {
    if (callback === undefined) return connect();
    connect().then(
      (client) => callback(undefined, client, (reason) => client.release(reason)),
      (error: unknown) => callback(error as Error, undefined, () => undefined),
    );
    return undefined;
  }) as pg.Pool['connect'];
}

/** A single connection with no timeouts, for migrations; rejects when the server cannot be reached. */
export async function connectOnce(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    ...readConnectionSettings(url),
    application_name: 'auth-service-migrate',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined); // the query in flight rejects with the same error
  await client.connect();
  return client;
}
