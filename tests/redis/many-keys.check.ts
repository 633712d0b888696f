/** Operators find and lift the limits of one account among very many keys, and hold up no attempt meanwhile. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../src/db/client.js';
import { settingsFrom, type RedisLimitSettings } from '../../src/features/redis-limits/feature.js';
import { createRedisLimits } from '../../src/features/redis-limits/limit-store.js';
import { createCounterScan } from '../../src/features/redis-limits/scan.js';
import { findKeysScript } from '../../src/features/redis-limits/scripts.js';
import type { LimitStore } from '../../src/limit-store.js';
import { createFaultyNetwork, type FaultyNetwork } from '../support/faulty-network.js';
import { startRedis, type RedisServer } from '../support/redis-server.js';

const others = 300_000;
const limit = { max: 3, windowSeconds: 600 };
const { orm } = createDatabase({
  url: 'postgresql://nobody@127.0.0.1:1/none', // not used
  onIdleError: () => undefined,
});

let server: RedisServer;
let network: FaultyNetwork;
let store: LimitStore;
const failures: string[] = [];
beforeAll(async () => {
  server = await startRedis();
  network = await createFaultyNetwork(server.url);
  store = createRedisLimits(settingsFrom(network.url) as RedisLimitSettings, {
    count: (_, cause) => void failures.push(cause),
  });
  const fill = `for n = 1, ${others} do
    redis.call('HSET', '{auth:limit}:pause|other' .. n .. '|x', 'count', 1, 'at', 1)
  end
  for n = 1, 2500 do
    redis.call('HSET', '{auth:limit}:pause|ada|' .. n, 'count', n, 'at', 1)
  end`;
  await server.command('EVAL', fill, '0');
});
afterAll(async () => {
  await store.close?.();
  await network.close();
  await server.stop();
});

test('among 300 000 others, 2 500 counters are found and lifted, while attempts are counted', async () => {
  const search = { isDone: false };
  let slowestMs = 0;
  const attempts = (async () => {
    for (let index = 0; !search.isDone; index += 1) {
      const startedAt = performance.now();
      await store.count(`k${index}`, limit);
      slowestMs = Math.max(slowestMs, performance.now() - startedAt);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  const { address } = settingsFrom(network.url) as RedisLimitSettings;
  // As long as a busy machine needs.
  const scan = createCounterScan(
    address,
    '{auth:limit}:',
    (one) => void failures.push(one),
    60_000,
  );
  try {
    expect(await scan.read(['pause|ada|'])).toHaveLength(2_500);
    expect(await scan.delete(['pause|ada|', 'account|ada'])).toBe(2_500);
    expect(await scan.read(['pause|ada|'])).toEqual([]);
  } finally {
    search.isDone = true;
    await attempts;
  }
  expect(slowestMs).toBeLessThan(1_000);
  expect(failures).toEqual([]);
});

test('a search that takes too long says so, and what to change', async () => {
  const causes: string[] = [];
  const { address } = settingsFrom(server.url) as RedisLimitSettings;
  const scan = createCounterScan(address, '{auth:limit}:', (cause) => void causes.push(cause), 1);
  await expect(scan.read(['pause|ada|'])).rejects.toMatchObject({
    name: 'LimitsUnavailableError',
    code: 'REDIS_TOO_MANY_KEYS',
    variable: 'REDIS_URL',
    fix: expect.stringContaining('/1') as string,
  });
  expect(causes).toEqual(['REDIS_TOO_MANY_KEYS']);
});

test('a search whose connection is lost does not disturb attempts', async () => {
  await store.count('other', limit);
  const before = network.accepted();
  network.cutOnce(findKeysScript.hash);
  const search = store.find(orm, ['pause|ada|']);
  const counted = await Promise.all([store.count('other', limit), store.count('other', limit)]);
  await expect(search).rejects.toMatchObject({ code: 'REDIS_CONNECTION_LOST' });
  expect(counted.map(({ count }) => count)).toEqual([2, 3]);
  expect(await store.count('another', limit)).toMatchObject({ count: 1 });
  expect(network.accepted()).toBe(before + 1); // that of the search
});
