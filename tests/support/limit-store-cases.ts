/** What every store of limits must do: the same cases run against PostgreSQL and against Redis. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { lockPrefixes, signInKeys } from '../../src/auth/sign-in-keys.js';
import type { Orm } from '../../src/db/client.js';
import type { Counter, LimitStore } from '../../src/limit-store.js';
import type { SignInLimits } from '../../src/sign-in-attempt.js';
import { testSecret } from './test-service.js';

export interface LimitStoreFixture {
  readonly store: LimitStore;
  readonly orm: Orm;
  /** All counters, by their keys. */
  counters(): Promise<Counter[]>;
  /** Writes a counter as a server would have whose clock is so far ahead. */
  write(key: string, count: number, aheadMs: number): Promise<void>;
  /** Moves the counters whose keys begin with this into the past. */
  age(milliseconds: number, prefix?: string): Promise<void>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

const keyRing = {
  variable: 'BETTER_AUTH_SECRET',
  current: { version: 0, value: testSecret },
  previous: [],
} as const;

const day = 86_400_000;
const limit = { max: 3, windowSeconds: 10 };
const loose: SignInLimits = {
  pause: { free: 2, firstSeconds: 60, longestSeconds: 60 },
  account: { max: 100, windowSeconds: 600 },
};

/** @param start called once */
export function testLimitStore(start: () => Promise<LimitStoreFixture>): void {
  let at: LimitStoreFixture;
  beforeAll(async () => {
    at = await start();
  });
  beforeEach(() => at.clear());
  afterAll(() => at.close());

  const keysOf = (address: string, email = 'ada@example.com') =>
    signInKeys(keyRing, email, { address });
  const addressOf = (ip: string, max = 100) => ({
    key: `${ip}|/sign-in/email`,
    limit: { max, windowSeconds: 600 },
  });

  test('a limit allows its maximum in a window, and says when the window ends', async () => {
    const attempts = [];
    for (let index = 0; index < 5; index += 1) attempts.push(await at.store.count('k', limit));
    expect(attempts.map(({ isAllowed }) => isAllowed)).toEqual([true, true, true, false, false]);
    expect(attempts.map(({ count }) => count)).toEqual([1, 2, 3, 4, 4]);
    for (const { retryAfterSeconds } of attempts) {
      expect(retryAfterSeconds).toBeGreaterThanOrEqual(8);
      expect(retryAfterSeconds).toBeLessThanOrEqual(10);
    }
    await at.age(10_000);
    expect(await at.store.count('k', limit)).toMatchObject({ isAllowed: true, count: 1 });
  });

  test('of two hundred concurrent attempts exactly the maximum is allowed', async () => {
    const many = { max: 20, windowSeconds: 600 };
    const attempts = await Promise.all(
      Array.from({ length: 200 }, () => at.store.count('k', many)),
    );
    expect(attempts.filter(({ isAllowed }) => isAllowed)).toHaveLength(20);
  });

  test('a refunded attempt does not count, and a refund of nothing leaves nothing', async () => {
    for (let index = 0; index < 3; index += 1) await at.store.count('k', limit);
    expect(await at.store.isUsedUp('k', limit)).toBe(true);
    await at.store.refund('k');
    expect(await at.store.isUsedUp('k', limit)).toBe(false);
    expect(await at.store.count('k', limit)).toMatchObject({ isAllowed: true, count: 3 });
    await at.store.refund('never counted');
    expect((await at.counters()).map(({ key }) => key)).toEqual(['k']);
    await at.age(10_000);
    expect(await at.store.isUsedUp('k', limit)).toBe(false);
  });

  test.each([365 * day, 8 * day, 60_000, 1_500, -8 * day, -11_000])(
    'a counter whose clock was %i ms ahead does not limit',
    async (ahead) => {
      await at.write('k', 1_000_000, ahead);
      expect(await at.store.count('k', limit)).toMatchObject({ isAllowed: true, count: 1 });
    },
  );

  test('a count has an upper bound', async () => {
    await at.write('k', 2_147_483_647, 0);
    expect(await at.store.count('k', limit)).toMatchObject({ isAllowed: false, count: 4 });
  });

  test('an attempt that one limit refuses counts under none', async () => {
    const attempts = at.store.signInAttempts(loose);
    const keys = keysOf('203.0.113.6');
    const address = addressOf('203.0.113.6');
    const allowed = [];
    for (let index = 0; index < 20; index += 1) {
      allowed.push((await attempts.count(address, keys)).isAllowed);
    }
    expect(allowed).toEqual([true, true, ...Array<boolean>(18).fill(false)]);
    expect((await at.counters()).map(({ count }) => count)).toEqual([2, 2, 2]);
  });

  test('each limit refuses by its name, and the longest wait is returned', async () => {
    const limits = { ...loose, account: { max: 3, windowSeconds: 30 } };
    const attempts = at.store.signInAttempts(limits);
    for (const ip of ['192.0.2.1', '192.0.2.1', '198.51.100.2']) {
      await attempts.count(addressOf('203.0.113.9', 4), keysOf(ip));
    }
    const paused = await attempts.count(addressOf('203.0.113.9', 4), keysOf('192.0.2.1'));
    expect(paused).toMatchObject({ isAllowed: false, limit: 'account_network' });
    const full = await attempts.count(addressOf('203.0.113.9', 4), keysOf('203.0.113.3'));
    expect(full).toMatchObject({ isAllowed: false, limit: 'account' });
    const other = keysOf('203.0.113.4', 'bea@example.com');
    expect(await attempts.count(addressOf('203.0.113.9', 3), other)).toMatchObject({
      isAllowed: false,
      limit: 'address',
    });
  });

  test('pauses double up to the longest one, and begin again after a day', async () => {
    const attempts = at.store.signInAttempts({
      ...loose,
      pause: { free: 1, firstSeconds: 10, longestSeconds: 35 },
    });
    const keys = keysOf('203.0.113.8');
    const waits = [];
    for (const elapsed of [0, 10, 20, 35]) {
      await at.age(elapsed * 1000, 'pause|');
      expect((await attempts.count(undefined, keys)).isAllowed).toBe(true);
      const refused = await attempts.count(undefined, keys);
      if (refused.isAllowed) throw new Error('there was no pause');
      waits.push(refused.retryAfterSeconds);
    }
    expect(waits).toEqual([10, 20, 35, 35]);
    await at.age(day, 'pause|');
    await attempts.count(undefined, keys);
    const [pause] = (await at.counters()).filter(({ key }) => key.startsWith('pause|'));
    expect(pause).toMatchObject({ count: 1 });
  });

  test('a withdrawn attempt leaves the counters and the pause as they were; half of a limit is reported', async () => {
    const attempts = at.store.signInAttempts({
      pause: { free: 2, firstSeconds: 1, longestSeconds: 60 },
      account: { max: 6, windowSeconds: 600 },
    });
    const count = async (ip: string) => {
      const attempt = await attempts.count(undefined, keysOf(ip));
      if (!attempt.isAllowed) throw new Error('no attempt is over these limits');
      return attempt;
    };
    expect((await count('203.0.113.7')).isHalfUsed).toBe(false);
    expect((await count('203.0.113.7')).isHalfUsed).toBe(true); // one of two before the first pause
    await at.age(5_000, 'pause|');
    const before = await at.counters();
    await attempts.withdraw((await count('203.0.113.7')).counted);
    expect(await at.counters()).toEqual(before);
    expect((await count('198.51.100.7')).isHalfUsed).toBe(false);
    expect((await count('192.0.2.7')).isHalfUsed).toBe(true); // three of six for the account
  });

  test('after the right password a network is known, and guesses elsewhere do not hold it back', async () => {
    const attempts = at.store.signInAttempts({ ...loose, account: { max: 2, windowSeconds: 600 } });
    const first = await attempts.count(addressOf('203.0.113.1'), keysOf('203.0.113.1'));
    if (!first.isAllowed) throw new Error('refused');
    await attempts.succeed(first.counted);
    for (const ip of ['192.0.2.1', '198.51.100.1']) await attempts.count(undefined, keysOf(ip));
    expect(await attempts.count(undefined, keysOf('10.1.2.3'))).toMatchObject({
      limit: 'account',
    });
    const own = await attempts.count(addressOf('203.0.113.1'), keysOf('203.0.113.1'));
    expect(own).toMatchObject({ isAllowed: true });
    await at.age(89 * day, 'known|');
    expect((await attempts.count(undefined, keysOf('203.0.113.1'))).isAllowed).toBe(true);
  });

  test('two hundred concurrent sign-ins, refunds and unlocks of one account leave no count', async () => {
    const attempts = at.store.signInAttempts({
      pause: { free: 999, firstSeconds: 1, longestSeconds: 1 },
      account: { max: 10_000, windowSeconds: 600 },
    });
    const client = { address: '203.0.113.5', device: 'known' };
    const keys = signInKeys(keyRing, 'ada@example.com', client);
    const work = Array.from({ length: 200 }, async (_, index) => {
      if (index % 5 === 0) return attempts.unlock(keys);
      const attempt = await attempts.count(addressOf('203.0.113.5', 9_999), keys);
      if (!attempt.isAllowed) throw new Error('no attempt is over these limits');
      return index % 2 === 0 ? attempts.succeed(attempt.counted) : attempts.refund(attempt.counted);
    });
    const results = await Promise.allSettled(work);
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect((await at.counters()).filter(({ count }) => count > 0)).toEqual([]);
  });

  test('an operator finds and lifts the counters of one account, and of no other', async () => {
    const attempts = at.store.signInAttempts(loose);
    const emails = ['ada@example.com', 'bea@example.com'];
    for (const email of emails) await attempts.count(undefined, keysOf('203.0.113.4', email));
    const prefixes = lockPrefixes(testSecret, 'ada@example.com');
    const found = await at.store.find(at.orm, prefixes);
    expect(found.map(({ count }) => count)).toEqual([1, 1]);
    expect(found.every(({ lastRequest }) => Math.abs(Date.now() - lastRequest) < 60_000)).toBe(
      true,
    );
    expect(await at.store.lift(at.orm, prefixes)).toBe(2);
    expect(await at.store.find(at.orm, prefixes)).toEqual([]);
    expect(await at.counters()).toHaveLength(2);
  });

  test('a prefix is no pattern', async () => {
    await at.write('pause|a_b', 1, 0);
    await at.write('pause|axb', 1, 0);
    expect(await at.store.find(at.orm, ['pause|a_', 'pause|*', 'pause|%'])).toMatchObject([
      { key: 'pause|a_b' },
    ]);
  });
}
