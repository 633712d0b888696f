/**
 * One connection to Redis, opened by the first command and again by the first one after it was lost: nothing runs in the
 * background, so a process that the platform suspends has nothing to resume. Every wait is bounded, and nothing is queued
 * while there is no connection. ioredis is loaded with the first command.
 */
import { isIP } from 'node:net';
import type { Redis } from 'ioredis';
import { isServiceBusy } from '../../event-loop.js';
import { TimeoutError, withTimeout } from '../../http/with-timeout.js';
import { causeOf, isReply, limitsUnavailable, type RedisCause } from './causes.js';
import type { RedisAddress } from './redis-url.js';
import type { Script } from './scripts.js';

/** To connect, and for each command. A request waits for two of each at most: 4 s of its 10. */
const timeoutMs = 1_000;

/** After so long without a command a firewall may have forgotten the connection, and a command is lost without a reply. */
const staleAfterMs = 10_000;

/** Replies after which another connection may lead to another server: a failover behind one name. */
const failedOver: readonly RedisCause[] = ['REDIS_READ_ONLY', 'REDIS_STARTING'];

export interface RedisConnection {
  /**
   * @param isRepeatable whether it may run twice without counting twice, if the reply of the first time is lost: also when
   *   another command on the connection was too slow, which closes it
   * @throws LimitsUnavailableError, or ServiceBusyError if this process was too busy to read the reply
   */
  run<T>(command: (redis: Redis) => Promise<T>, isRepeatable?: boolean): Promise<T>;
  /** Never rejects. */
  close(): Promise<void>;
}

/** @param onFailure called with each failure that a caller is given */
export function createConnection(
  address: RedisAddress,
  onFailure: (cause: RedisCause) => void,
): RedisConnection {
  let opening: Promise<Redis> | undefined;
  let lastUsedAt = 0;

  function connect(): Promise<Redis> {
    const connecting = open(address);
    connecting.then((redis) => redis.once('end', () => forget(connecting))).catch(() => undefined);
    return connecting;
  }

  function forget(which: Promise<Redis>): void {
    if (opening !== which) return;
    opening = undefined;
    which.then((redis) => redis.disconnect()).catch(() => undefined);
  }

  async function attempt<T>(command: (redis: Redis) => Promise<T>): Promise<T> {
    const used = (opening ??= connect());
    const redis = await used.catch((error: unknown) => {
      forget(used); // also after a reply such as "max number of clients reached": the next attempt may be accepted
      throw error;
    });
    try {
      const result = await withTimeout(command(redis), timeoutMs);
      lastUsedAt = performance.now();
      return result;
    } catch (error) {
      if (!isReply(error) || failedOver.includes(causeOf(error))) forget(used);
      throw error;
    }
  }

  return {
    async run(command, isRepeatable = false) {
      const wasOpen = opening !== undefined;
      const isStale = performance.now() - lastUsedAt > staleAfterMs;
      try {
        return await attempt(command).catch((error: unknown) => {
          // A server that is slow would be asked twice for nothing.
          const isLost = !isReply(error) && (!(error instanceof TimeoutError) || isStale);
          if (!isRepeatable || !wasOpen || !isLost) throw error;
          return attempt(command);
        });
      } catch (error) {
        if (isServiceBusy(error)) throw error;
        const cause = causeOf(error);
        onFailure(cause);
        throw limitsUnavailable(cause);
      }
    },

    async close() {
      const used = opening;
      opening = undefined;
      await used?.then((redis) => redis.disconnect()).catch(() => undefined);
    },
  };
}

/** Runs the script by its hash, which the server keeps; its text follows where it does not. */
export async function runScript(
  redis: Redis,
  { hash, text }: Script,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(hash, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return redis.eval(text, keys.length, ...keys, ...args);
  }
}

async function open(address: RedisAddress): Promise<Redis> {
  const { Redis } = await import('ioredis');
  const { host, port, username, password, database, isEncrypted } = address;
  const redis = new Redis({
    host,
    port,
    // An IP address is compared with the certificate too, but is no server name (RFC 6066).
    ...(isEncrypted && { tls: isIP(host) ? {} : { servername: host } }),
    lazyConnect: true,
    connectTimeout: timeoutMs,
    keepAlive: 10_000,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: () => null,
    // These send commands that an account may not be allowed, and wait for the replies without a limit.
    enableReadyCheck: false,
    disableClientInfo: true,
  });
  let lost: Error | undefined;
  redis.on('error', (error: Error) => {
    lost ??= error; // `connect` rejects with "Connection is closed." only
    redis.disconnect();
  });
  try {
    await withTimeout(prepare(), timeoutMs);
    return redis;
  } catch (error) {
    redis.disconnect();
    throw isReply(error) ? error : (lost ?? error);
  }

  /** Not by ioredis, which prints to the console what the server says about a password, and ignores a missing database. */
  async function prepare(): Promise<void> {
    await redis.connect();
    if (password !== undefined) {
      await (username === undefined ? redis.auth(password) : redis.auth(username, password));
    }
    if (database !== 0) await redis.select(database);
  }
}
