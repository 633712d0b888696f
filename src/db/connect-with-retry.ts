/**
 * How a request gets a connection. A sleeping database is woken by one attempt that all wait for; a connection that
 * is refused while it wakes is tried once more; one that lay idle is asked whether it lives; and where too many wait
 * already, the next is told so at once. Nothing here sends a statement of the service, so nothing is done twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { isServiceBusy, ServiceBusyError, watchEventLoop } from '../event-loop.js';
import { isDisconnect, markConnectError } from './retry-read.js';
import { explainUnavailable, UnresponsiveServerError, PoolExhaustedError } from './unavailable.js';

export interface ConnectWithRetryOptions {
  readonly now: () => Date;
  /** How many requests may wait for a connection. */
  readonly maxQueueLength: number;
  /** Whether the server took the last connection, or one that is being made, and has not said a word to it. */
  readonly isUnresponsive: () => boolean;
}

export type Connect = () => Promise<pg.PoolClient>;

/** Neon refuses or resets for a moment while it moves from asleep to awake. */
const retryAfterMs = 250;

/** A connection used this recently is believed to live, as HikariCP's `aliveBypassWindow` does. */
const skipPingForMs = 1_000;

/**
 * A living connection answers in a round trip; the rest is for a process that is busy. With the time for a new one it
 * is less than a request waits, so that its log line tells what was found and not that the time was over.
 */
const pingTimeoutMs = 1_500;

/** @returns what to use instead of `pool.connect()`, with the same errors and PoolExhaustedError */
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
    // A server that restarts cuts all of them: whoever asks next gets none that lay idle beside this one.
    if (isDisconnect(error)) lastFoundDeadAt = now();
  });

  async function open(): Promise<pg.PoolClient> {
    if (pool.waitingCount >= options.maxQueueLength) {
      throw new PoolExhaustedError(`${pool.waitingCount} requests wait for a connection already`);
    }
    const isBusy = watchEventLoop();
    return connect().catch((error: unknown) => {
      markConnectError(error);
      const { connectionTimeoutMillis = 0 } = pool.options;
      if (isTimeout(error) && isBusy(connectionTimeoutMillis)) {
        throw new ServiceBusyError('a connection was there, or nearly', { cause: error });
      }
      throw classifyConnectError(error);
    });
  }

  function classifyConnectError(error: unknown): unknown {
    if (!(error instanceof Error) || !isTimeout(error)) return error;
    // pg-pool says the same of a pool whose connections are all busy and of one that still opens them.
    if (error.message === poolTimeout && established > 0) {
      return new PoolExhaustedError(`all ${established} connections are busy`, { cause: error });
    }
    if (!options.isUnresponsive()) return error;
    return new UnresponsiveServerError('the server took the connection and did not answer', {
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
      const since = idleSince.get(client) ?? Infinity; // Infinity: it is new
      if (since > lastFoundDeadAt) {
        if (now() - since < skipPingForMs) return client;
        if (await ping(client)) return client;
        // Whatever cut this one cut those that lay idle beside it: they are closed without being asked.
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

/** Turned away at the door, and at once: a timeout is not tried again, because the request has no time left. */
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
