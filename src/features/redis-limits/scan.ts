/** Finds counters by what their keys begin with, for operators: SCAN looks at every key, without holding up the server. */
import type { Redis } from 'ioredis';
import type { Counter } from '../../limit-store.js';

/** Keys per step: 1 ms of the server's time, so that a million keys take a second. */
const keysPerStep = 1_000;

/** @param keyPrefix before all keys */
export async function readCounters(
  redis: Redis,
  keyPrefix: string,
  prefixes: readonly string[],
): Promise<Counter[]> {
  const keys = await findKeys(redis, keyPrefix, prefixes);
  const rows = await Promise.all(keys.map((key) => redis.hmget(key, 'count', 'at')));
  return rows.flatMap(([count, at], index) => {
    const key = keys[index]?.slice(keyPrefix.length);
    // It may have expired meanwhile.
    if (key === undefined || !count || !at) return [];
    return [{ key, count: Number(count), lastRequest: Number(at) }];
  });
}

/** @returns how many there were */
export async function deleteCounters(
  redis: Redis,
  keyPrefix: string,
  prefixes: readonly string[],
): Promise<number> {
  const keys = await findKeys(redis, keyPrefix, prefixes);
  const deleted = await Promise.all(keys.map((key) => redis.unlink(key)));
  return deleted.reduce((sum, one) => sum + one, 0);
}

async function findKeys(
  redis: Redis,
  keyPrefix: string,
  prefixes: readonly string[],
): Promise<string[]> {
  const found = new Set<string>();
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(
      cursor,
      'MATCH',
      `${escapeGlob(keyPrefix)}*`,
      'COUNT',
      keysPerStep,
    );
    for (const key of keys) {
      if (prefixes.some((prefix) => key.startsWith(keyPrefix + prefix))) found.add(key);
    }
    cursor = next;
  } while (cursor !== '0');
  return [...found];
}

function escapeGlob(text: string): string {
  return text.replaceAll(/[\\*?[\]]/g, '\\$&');
}
