/** Limits in Redis: the cases of every store, and what only Redis can do wrong. */
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { createDatabase } from '../../src/db/client.js';
import { settingsFrom, type RedisLimitSettings } from '../../src/features/redis-limits/feature.js';
import { createRedisLimits } from '../../src/features/redis-limits/limit-store.js';
import { testLimitStore } from '../support/limit-store-cases.js';
import { startRedis } from '../support/redis-server.js';

const prefix = '{auth:limit}:';
const day = 86_400_000;
const longestTtlMs = 90 * day; // of the marks of known networks; counters live a day at most

testLimitStore(async () => {
  const server = await startRedis();
  const redis = new Redis(server.url);
  const store = createRedisLimits(settingsFrom(server.url) as RedisLimitSettings, {
    count: () => undefined,
  });
  const { orm } = createDatabase({
    url: 'postgresql://nobody@127.0.0.1:1/none', // not used
    onIdleError: () => undefined,
  });
  const keysOf = async (begin = '') => {
    const keys = await redis.keys(`${prefix}${begin}*`);
    return keys.filter((key) => !key.startsWith(`${prefix}attempt|`)).sort();
  };
  return {
    store,
    orm,
    async counters() {
      const counters = [];
      for (const key of await keysOf()) {
        const [count, at] = await redis.hmget(key, 'count', 'at');
        const ttl = await redis.pttl(key);
        // Nothing stays for ever, and no counter longer than its window.
        const isMark = key.startsWith(`${prefix}known|`);
        expect(ttl).toBeGreaterThan(0);
        expect(ttl).toBeLessThanOrEqual(isMark ? longestTtlMs : day);
        const name = key.slice(prefix.length);
        counters.push({ key: name, count: Number(count), lastRequest: Number(at) });
      }
      return counters;
    },
    async write(key, count, aheadMs) {
      const [seconds, micros] = await redis.time();
      const now = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
      await redis.hset(prefix + key, { count, at: now + aheadMs });
      await redis.pexpire(prefix + key, day);
    },
    async age(milliseconds, begin) {
      for (const key of await keysOf(begin)) {
        const left = (await redis.pttl(key)) - milliseconds;
        await redis.hincrby(key, 'at', -milliseconds);
        if (left > 0) await redis.pexpire(key, left);
        else await redis.del(key);
      }
    },
    async clear() {
      await redis.flushall();
    },
    async close() {
      await store.close?.();
      redis.disconnect();
      await server.stop();
    },
  };
});

test('a server that has forgotten the scripts is sent them again', async () => {
  const server = await startRedis();
  const store = createRedisLimits(settingsFrom(server.url) as RedisLimitSettings, {
    count: () => undefined,
  });
  const limit = { max: 3, windowSeconds: 10 };
  expect(await store.count('k', limit)).toMatchObject({ count: 1 });
  await server.command('SCRIPT', 'FLUSH');
  expect(await store.count('k', limit)).toMatchObject({ count: 2 });
  await store.close?.();
  await server.stop();
});
