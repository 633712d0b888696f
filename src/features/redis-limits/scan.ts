/**
 * Finds counters by what their keys begin with, for operators: SCAN looks at every key, without holding up the server. On
 * a connection of its own, so that a step that takes too long ends no command of a request.
 */
import type { Redis } from 'ioredis';
import type { Counter } from '../../limit-store.js';
import { limitsUnavailable, type RedisCause } from './causes.js';
import { createConnection, runScript, type RedisConnection } from './connection.js';
import type { RedisAddress } from './redis-url.js';
import { readList, readText, readTexts } from './replies.js';
import { findKeysScript } from './scripts.js';

/** Keys per command: some milliseconds of the server's time, in which it does nothing else. */
const keysPerStep = 2_000;

/** Counters that are read or deleted by one command. */
const countersPerStep = 1_000;

/** A million keys take a second or two. A page of the console searches twice, within the time of one request. */
const searchTimeoutMs = 4_000;

interface CounterScan {
  /** @throws LimitsUnavailableError, ServiceBusyError */
  read(prefixes: readonly string[]): Promise<Counter[]>;
  /** @returns how many there were @throws as read */
  delete(prefixes: readonly string[]): Promise<number>;
}

/**
 * @param keyPrefix before all keys
 * @param onFailure called with each failure that a caller is given
 */
export function createCounterScan(
  address: RedisAddress,
  keyPrefix: string,
  onFailure: (cause: RedisCause) => void,
  timeoutMs = searchTimeoutMs,
): CounterScan {
  /** Runs the work, each step of which is one command, on a new connection. */
  async function search<T>(work: (run: RedisConnection['run']) => Promise<T>): Promise<T> {
    const connection = createConnection(address, onFailure);
    const endsAt = performance.now() + timeoutMs;
    try {
      return await work((command) => {
        if (performance.now() < endsAt) return connection.run(command);
        onFailure('REDIS_TOO_MANY_KEYS');
        throw limitsUnavailable('REDIS_TOO_MANY_KEYS');
      });
    } finally {
      await connection.close();
    }
  }

  async function findKeys(
    run: RedisConnection['run'],
    prefixes: readonly string[],
  ): Promise<string[]> {
    const pattern = `${escapeGlob(keyPrefix)}*`;
    const found = new Set<string>();
    let cursor = '0';
    do {
      const args = [cursor, pattern, keysPerStep, ...prefixes.map((one) => keyPrefix + one)];
      const [next, keys] = await run(async (redis) => {
        const [after, matching] = readList(await runScript(redis, findKeysScript, [], args), 2);
        return [readText(after), readTexts(matching)] as const;
      });
      for (const key of keys) found.add(key);
      cursor = next;
    } while (cursor !== '0');
    return [...found];
  }

  return {
    read: (prefixes) =>
      search(async (run) => {
        const counters: Counter[] = [];
        for (const keys of inSteps(await findKeys(run, prefixes))) {
          const readAll = (redis: Redis) =>
            Promise.all(keys.map((key) => redis.hmget(key, 'count', 'at')));
          for (const [index, [count, at]] of (await run(readAll)).entries()) {
            const key = keys[index]?.slice(keyPrefix.length);
            // It may have expired meanwhile.
            if (key === undefined || !count || !at) continue;
            counters.push({ key, count: Number(count), lastRequest: Number(at) });
          }
        }
        return counters;
      }),

    delete: (prefixes) =>
      search(async (run) => {
        let deleted = 0;
        for (const keys of inSteps(await findKeys(run, prefixes))) {
          deleted += await run((redis) => redis.unlink(...keys));
        }
        return deleted;
      }),
  };
}

function* inSteps(keys: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < keys.length; at += countersPerStep) {
    yield keys.slice(at, at + countersPerStep);
  }
}

function escapeGlob(text: string): string {
  return text.replaceAll(/[\\*?[\]]/g, '\\$&');
}
