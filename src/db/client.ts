/** The only importer of `pg`: a pool that always settles within its timeouts and never reuses a broken connection. */
import type { Socket } from 'node:net';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { cancelStatement, type RunningStatement } from './cancel-statement.js';
import { trackConnectAttempts, type ConnectAttempts } from './connect-attempts.js';
import { readConnectionSettings } from './connection-settings.js';
import { trackConnectionUse, type TrackedConnect } from './connection-use.js';
import { createHostLookup } from './host-lookup.js';
import { connectWithRetry } from './connect-with-retry.js';
import { allTables, type Tables } from './all-tables.js';
import { asCurrentTransaction } from './current-transaction.js';
import { attributeTimeouts } from './statement-timeout.js';
import { nameRepeatedStatements } from './named-statements.js';
import { runInTransaction } from './run-in-transaction.js';
import { isStatementTimeout } from './unavailable.js';

/** Drizzle on the pool, with the service's tables. */
export type Orm = NodePgDatabase<Tables>;

/** Runs statements: the Orm, or a transaction of it. */
export type OrmOrTransaction = Pick<Orm, 'select' | 'insert' | 'update' | 'delete' | 'execute'>;

/** The tables the database was opened with. */
export function tablesOf(orm: Orm): Tables {
  return orm._.fullSchema;
}

export interface Database {
  readonly orm: Orm;
  readonly pool: pg.Pool;
  /** Connection usage. */
  readonly connections: Pick<TrackedConnect, 'oldestUseMs' | 'wake'>;
  /** Waits for running queries, then closes all connections. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Called when an idle connection is lost; the pool replaces it automatically. */
  readonly onIdleError: (error: Error) => void;
  /** Time to acquire an idle or a new connection. Neon needs a few hundred milliseconds to wake. */
  readonly connectTimeoutMs?: number;
  /** Time for a statement to return; after that it is cancelled and its connection closed. */
  readonly queryTimeoutMs?: number;
  readonly maxConnections?: number;
  readonly now?: () => Date;
  /** Default: all tables of the service. */
  readonly tables?: Tables;
}

/** Queued requests per connection. At a few milliseconds per statement they are served well within the timeout. */
const queueLengthPerConnection = 50;

/** Opens no connection; the first query does. */
export function createDatabase(options: DatabaseOptions): Database {
  const { connectTimeoutMs = 8_000, queryTimeoutMs = 5_000, maxConnections = 10 } = options;
  const { now = () => new Date(), tables = allTables } = options;
  const attempts = trackConnectAttempts();
  const pool = new pg.Pool({
    ...readConnectionSettings(options.url),
    Client: trackedClient(attempts),
    stream: createHostLookup().createSocket,
    application_name: 'auth-service',
    max: maxConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    // Client-side, because poolers in transaction mode refuse or leak a server-side statement_timeout.
    query_timeout: queryTimeoutMs,
    idleTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // Without a listener, losing an idle connection would crash the process.
  pool.on('error', options.onIdleError);
  // The same within a transaction, where the pool does not listen; the statement in flight rejects too.
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    attributeTimeouts(client, queryTimeoutMs);
  });
  pool.on('release', (error, client) => {
    if (client instanceof CancellingClient) client.isStuck = isStatementTimeout(error);
  });
  const connect = connectWithRetry(pool, {
    now,
    maxQueueLength: queueLengthPerConnection * maxConnections,
    isUnresponsive: attempts.isUnresponsive,
  });
  const watched = trackConnectionUse(pool, connect);
  pool.connect = withCallback(watched.connect);
  nameRepeatedStatements(pool);
  const orm = drizzle(pool, { schema: tables });
  orm.transaction = (run) =>
    asCurrentTransaction(orm, (runInner) =>
      runInTransaction(pool, tables, (tx) => runInner(tx, () => run(tx))),
    );
  return { orm, pool, connections: watched, close: () => pool.end() };
}

/** Cancels a timed-out statement on close, while the connection's cancellation key is still available. */
class CancellingClient extends pg.Client {
  isStuck = false;

  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): Promise<void> | undefined {
    if (callback === undefined) return super.end();
    if (this.isStuck) {
      const running = this as unknown as RunningStatement; // fields missing from pg's types
      void cancelStatement(running).then(() => super.end(callback));
    } else {
      super.end(callback); // only the pool passes a callback
    }
    return undefined;
  }
}

/** A field of a connecting client that is missing from pg's types. */
interface Connecting {
  readonly connection: { readonly stream: Socket };
}

/** A client class that records its connection attempts, so that a failure can be explained. */
function trackedClient(attempts: ConnectAttempts): typeof CancellingClient {
  return class TrackedClient extends CancellingClient {
    override connect(): Promise<pg.Client>;
    override connect(callback: (error: Error) => void): void;
    override connect(callback?: (error: Error) => void): Promise<pg.Client> | undefined {
      const { stream } = (this as unknown as Connecting).connection;
      const attempt = attempts.begin();
      stream.once('connect', attempt.connected);
      if (callback === undefined) return super.connect();
      super.connect((error: Error | null) => {
        attempt.ended(error ?? undefined);
        callback(error as Error); // only the pool passes a callback
      });
      return undefined;
    }
  };
}

/** The pool's own `query` acquires its connection with a callback, Drizzle with a promise. */
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

/** Opens a single connection without statement timeout, for migrations; rejects when the server is unreachable. */
export async function connectOnce(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    ...readConnectionSettings(url),
    application_name: 'auth-service-migrate',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined); // the query in flight rejects with this error
  await client.connect();
  return client;
}
