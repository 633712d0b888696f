/**
 * Acquires connections for requests. A suspended database is woken by a single attempt that all requests wait for, a
 * connection refused while it wakes is retried once, an idle connection is pinged before use, and a request fails
 * immediately if the queue is full. Sends none of the service's statements, so no statement runs twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { isServiceBusy, ServiceBusyError, watchEventLoop } from '../event-loop.js';
import { isDisconnect, markConnectError } from './retry-read.js';
import { explainUnavailable, UnresponsiveServerError, PoolExhaustedError } from './unavailable.js';

export interface ConnectWithRetryOptions {
  readonly now: () => Date;
  /** The maximum number of requests waiting for a connection. */
  readonly maxQueueLength: number;
  /** Whether the server accepted the last or the pending TCP connection and sent nothing. */
  readonly isUnresponsive: () => boolean;
}

export type Connect = () => Promise<pg.PoolClient>;

/** Neon refuses or resets connections for a moment while it wakes. */
const retryAfterMs = 250;

/** A connection used this recently is not pinged, like HikariCP's `aliveBypassWindow`. */
const skipPingForMs = 1_000;

/**
 * A healthy connection responds within a round trip; the rest is slack for a busy process. Together with the time for a
 * new connection it is less than the request timeout, so that the log line states the cause and not just the timeout.
 */
const pingTimeoutMs = 1_500;

/** @returns a replacement for `pool.connect()` that throws the same errors and PoolExhaustedError */
export function connectWithRetry(pool: pg.Pool, options: ConnectWithRetryOptions): Connect {
  const connect = pool.connect.bind(pool);
  const now = () => options.now().getTime();
  const idleSince = new WeakMap<pg.PoolClient, number>();
  let lastFoundDeadAt = -Infinity;
  let established = 0;
  let waking: Promise<unknown> | undefined;
  pool.on('connect', () => (established += 1));
  pool.on('remove', () => (established -= 1));
  pool.on('release', (error, client) => {
    idleSince.set(client, now());
    // A restarting server closes all connections: do not hand out another one that was idle at that time.
    if (isDisconnect(error)) lastFoundDeadAt = now();
  });

  async function open(): Promise<pg.PoolClient> {
    if (pool.waitingCount >= options.maxQueueLength) {
      throw new PoolExhaustedError(
        `${pool.waitingCount} requests are already waiting for a connection`,
      );
    }
    const isBusy = watchEventLoop();
    return connect().catch((error: unknown) => {
      markConnectError(error);
      const { connectionTimeoutMillis = 0 } = pool.options;
      if (isTimeout(error) && isBusy(connectionTimeoutMillis)) {
        throw new ServiceBusyError(
          'the process was too busy to notice that a connection was ready',
          { cause: error },
        );
      }
      throw classifyConnectError(error);
    });
  }

  function classifyConnectError(error: unknown): unknown {
    if (!(error instanceof Error) || !isTimeout(error)) return error;
    // pg-pool uses the same message whether all connections are busy or still being opened.
    if (error.message === poolTimeout && established > 0) {
      return new PoolExhaustedError(`all ${established} connections are busy`, { cause: error });
    }
    if (!options.isUnresponsive()) return error;
    return new UnresponsiveServerError('the server accepted the connection and sent nothing', {
      cause: error,
    });
  }

  async function acquireWithRetry(): Promise<pg.PoolClient> {
    return open().catch(async (error: unknown) => {
      if (!isRetryable(error)) throw error;
      await sleep(retryAfterMs);
      return open();
    });
  }

  async function acquireHealthy(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await acquireWithRetry();
      const since = idleSince.get(client) ?? Infinity; // Infinity: a new connection
      if (since > lastFoundDeadAt) {
        if (now() - since < skipPingForMs) return client;
        if (await ping(client)) return client;
        // The other idle connections were lost for the same reason: close them without a ping.
        lastFoundDeadAt = now();
      }
      client.release(true);
    }
  }

  return async function acquire() {
    if (waking !== undefined) await waking;
    else if (pool.totalCount === 0) {
      const attempt = acquireWithRetry();
      const ended = () => (waking = undefined);
      waking = attempt;
      attempt.then(ended, ended);
      return attempt;
    }
    return acquireHealthy();
  };
}

const poolTimeout = 'timeout exceeded when trying to connect';

/** Only immediate refusals are retried: after a timeout the request has no time left. */
function isRetryable(error: unknown): boolean {
  if (isServiceBusy(error)) return false;
  const { code } = explainUnavailable(error);
  if (code !== 'DATABASE_UNREACHABLE' && code !== 'DATABASE_RESTARTING') return false;
  return !isTimeout(error);
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && /timeout/.test(error.message);
}

async function ping(client: pg.PoolClient): Promise<boolean> {
  const ping = { text: 'select 1', query_timeout: pingTimeoutMs };
  return client.query(ping).then(
    () => true,
    () => false,
  );
}
