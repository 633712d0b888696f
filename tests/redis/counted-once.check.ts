/** A script whose reply was lost has run: the attempt is sent again, and counts once. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { signInKeys } from '../../src/auth/sign-in-keys.js';
import { settingsFrom, type RedisLimitSettings } from '../../src/features/redis-limits/feature.js';
import { createRedisLimits } from '../../src/features/redis-limits/limit-store.js';
import type { LimitStore } from '../../src/limit-store.js';
import { createFaultyNetwork, type FaultyNetwork } from '../support/faulty-network.js';
import { startRedis, type RedisServer } from '../support/redis-server.js';
import { testSecret } from '../support/test-service.js';
import { until } from '../support/until.js';

let server: RedisServer;
let network: FaultyNetwork;
let store: LimitStore;
beforeEach(async () => {
  server = await startRedis();
  network = await createFaultyNetwork(server.url);
  store = createRedisLimits(settingsFrom(network.url) as RedisLimitSettings, {
    count: () => undefined,
  });
});
afterEach(async () => {
  await store.close?.();
  await network.close();
  await server.stop();
});

const limit = { max: 10, windowSeconds: 600 };
const countOf = async (key: string) =>
  Number(await server.command('HGET', `{auth:limit}:${key}`, 'count'));
const attempts = () =>
  store.signInAttempts({
    pause: { free: 10, firstSeconds: 60, longestSeconds: 60 },
    account: limit,
  });
const keyRing = {
  variable: 'BETTER_AUTH_SECRET',
  current: { version: 0, value: testSecret },
  previous: [],
} as const;
const keys = signInKeys(keyRing, 'ada@example.com', { address: '203.0.113.4' });

/** Lets the server run what `send` sends, and loses its reply. */
async function loseReply<T>(send: () => Promise<T>, key: string, counted: number): Promise<T> {
  network.freeze();
  const sent = send();
  await until(async () => (await countOf(key)) === counted || undefined);
  await network.heal(); // resets the connection
  return sent;
}

test('a limit', async () => {
  await store.count('k', limit);
  expect(await loseReply(() => store.count('k', limit), 'k', 2)).toMatchObject({ count: 2 });
  expect(await countOf('k')).toBe(2);
  expect(await store.count('k', limit)).toMatchObject({ count: 3 });
});

test('an attempt to sign in, which a refund takes back', async () => {
  const first = await attempts().count(undefined, keys);
  if (!first.isAllowed) throw new Error('refused');
  const second = await loseReply(() => attempts().count(undefined, keys), keys.total, 2);
  expect(second.isAllowed).toBe(true);
  expect(await countOf(keys.total)).toBe(2);
  expect(await countOf(keys.pause)).toBe(2);
  if (second.isAllowed) await attempts().refund(second.counted);
  expect(await countOf(keys.total)).toBe(1);
  expect(await countOf(keys.pause)).toBe(1);
});

test('an attempt whose connection another one closed, because its reply was late', async () => {
  await store.count('k', limit);
  network.freeze();
  const late = store.count('k', limit).catch((error: unknown) => error);
  await until(async () => (await countOf('k')) === 2 || undefined);
  await new Promise((resolve) => setTimeout(resolve, 500)); // half of what a command may take
  const neighbour = store.count('k', limit);
  await until(async () => (await countOf('k')) === 3 || undefined);
  network.cutSilently();
  expect(await neighbour).toMatchObject({ count: 3 });
  expect(await countOf('k')).toBe(3);
  expect(await late).toMatchObject({ code: 'REDIS_TIMEOUT' });
});

test('what was kept of attempts expires, and a flood beyond a limit leaves none', async () => {
  for (let index = 0; index < 30; index += 1) await store.count('k', limit);
  const kept = (await server.command('KEYS', '{auth:limit}:attempt|*')) as string[];
  expect(kept).toHaveLength(limit.max);
  for (const key of kept) {
    const ttl = Number(await server.command('PTTL', key));
    expect(ttl).toBeGreaterThan(0);
    expect(ttl).toBeLessThanOrEqual(10_000);
  }
});
