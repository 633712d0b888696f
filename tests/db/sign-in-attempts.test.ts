/** Attempts that are counted, taken back and unlocked at once neither deadlock nor leave a count behind. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signInKeys } from '../../src/auth/sign-in-keys.js';
import { createDatabase, type Database } from '../../src/db/client.js';
import { createSignInAttempts } from '../../src/db/sign-in-attempts.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testSecret } from '../support/test-service.js';

let testDatabase: TestDatabase;
let database: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({
    url: testDatabase.url,
    maxConnections: 10,
    now: () => new Date(),
    onIdleError: () => undefined,
  });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const keyRing = {
  variable: 'BETTER_AUTH_SECRET',
  current: { version: 0, value: testSecret },
  previous: [],
} as const;

test('two hundred concurrent sign-ins, refunds and unlocks of one account', async () => {
  const attempts = createSignInAttempts(database.orm, {
    pause: { free: 99, firstSeconds: 1, longestSeconds: 1 },
    account: { max: 10_000, windowSeconds: 600 },
  });
  const keys = signInKeys(keyRing, 'ada@example.com', { address: '203.0.113.5', device: 'known' });
  const address = { key: '203.0.113.5|/sign-in/email', limit: { max: 9_999, windowSeconds: 600 } };
  const work = Array.from({ length: 200 }, async (_, at) => {
    if (at % 5 === 0) return attempts.unlock(keys);
    const attempt = await attempts.count(address, keys);
    if (!attempt.isAllowed) throw new Error('no attempt is over these limits');
    return at % 2 === 0 ? attempts.succeed(attempt.counted) : attempts.refund(attempt.counted);
  });
  const results = await Promise.allSettled(work);
  expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
  const left = await testDatabase.query('select 1 from rate_limit where count > 0');
  expect(left).toEqual([]);
});

test('a withdrawn attempt leaves the counters and the pause as they were; half of a limit is reported', async () => {
  const attempts = createSignInAttempts(database.orm, {
    pause: { free: 2, firstSeconds: 1, longestSeconds: 60 },
    account: { max: 6, windowSeconds: 600 },
  });
  const from = (address: string) => signInKeys(keyRing, 'cleo@example.com', { address });
  const count = async (address: string) => {
    const attempt = await attempts.count(undefined, from(address));
    if (!attempt.isAllowed) throw new Error('no attempt is over these limits');
    return attempt;
  };
  expect((await count('203.0.113.7')).isHalfUsed).toBe(false);
  expect((await count('203.0.113.7')).isHalfUsed).toBe(true); // one of two before the first pause
  await testDatabase.query(
    "update rate_limit set last_request = last_request - 5000 where key like 'pause|%'",
  );
  const rows = 'select key, count, last_request from rate_limit order by key';
  const before = await testDatabase.query(rows);
  await attempts.withdraw((await count('203.0.113.7')).counted);
  expect(await testDatabase.query(rows)).toEqual(before);
  expect((await count('198.51.100.7')).isHalfUsed).toBe(false);
  expect((await count('192.0.2.7')).isHalfUsed).toBe(true); // three of six for the account
});

test('an attempt that one limit refuses counts under none', async () => {
  const attempts = createSignInAttempts(database.orm, {
    pause: { free: 2, firstSeconds: 60, longestSeconds: 60 },
    account: { max: 100, windowSeconds: 600 },
  });
  const keys = signInKeys(keyRing, 'bea@example.com', { address: '203.0.113.6' });
  const address = { key: '203.0.113.6|/sign-in/email', limit: { max: 100, windowSeconds: 600 } };
  const allowed = [];
  for (let at = 0; at < 20; at += 1) allowed.push((await attempts.count(address, keys)).isAllowed);
  expect(allowed).toEqual([true, true, ...Array<boolean>(18).fill(false)]);
  const counts = await testDatabase.query<{ count: number }>(
    'select count from rate_limit where key = any($1)',
    [[keys.pause, keys.total, address.key]],
  );
  expect(counts).toEqual([{ count: 2 }, { count: 2 }, { count: 2 }]);
});
