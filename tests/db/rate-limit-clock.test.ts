/** For any content of the table, no client waits longer than the limit's window, and every window ends. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const day = 86_400_000;

/** Simulates addresses and accounts that were counted while a clock was off by this much. */
async function insertCounters(visitor: Visitor, offsetMs: number, count: number): Promise<void> {
  await service.database.query(
    `insert into rate_limit (id, key, count, last_request)
     values ($1, $2, $3, (extract(epoch from now()) * 1000)::bigint + $4)`,
    [crypto.randomUUID(), `${visitor.ip}|/sign-in/email`, count, offsetMs],
  );
}

test.each([
  ['8 days ahead', 8 * day],
  ['a year ahead', 365 * day],
  ['a minute ahead', 60_000],
  ['a second ahead', 1_000],
  ['8 days behind', -8 * day],
  ['eleven minutes behind', -660_000],
])(
  'a counter with the time of a clock that is %s does not limit: the right password signs in',
  async (_, offset) => {
    const visitor = new Visitor(service);
    await visitor.signUp();
    await insertCounters(visitor, offset, 1_000_000);
    expect((await visitor.signIn()).status).toBe(200);
  },
);

test('windows do not depend on the service’s clock', async () => {
  for (const ahead of [8 * day, -8 * day]) {
    const other = await startTestService({
      testDatabase: service.database,
      now: () => new Date(Date.now() + ahead),
    });
    const visitor = new Visitor(other);
    const wrong = () => visitor.signIn('not the password');
    const statuses = [];
    for (let attempt = 1; attempt <= 3; attempt += 1) statuses.push((await wrong()).status);
    expect(statuses).toEqual([401, 401, 401]);
    const limited = await wrong();
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeLessThanOrEqual(10);
    await other.stop();
  }
});

test('Retry-After is between one second and the window, at any time within it', async () => {
  for (const [age, most] of [
    [0, 10],
    [5_000, 5],
    [9_500, 1],
  ] as const) {
    const visitor = new Visitor(service);
    await insertCounters(visitor, -age, 3);
    const answer = await visitor.signIn();
    if (answer.status !== 429) continue; // slow machine: the window has ended
    const seconds = Number(answer.headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(most);
  }
});

test('a window ends on time, regardless of requests in it', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  for (let attempt = 1; attempt <= 6; attempt += 1) await visitor.signIn('not the password');
  const key = `${visitor.ip}|/sign-in/email`;
  const began = async () =>
    (
      await service.database.query('select count, last_request from rate_limit where key = $1', [
        key,
      ])
    )[0];
  const before = await began();
  expect((await visitor.signIn()).status).toBe(429);
  expect(await began()).toEqual(before); // the rejected attempt changed nothing
});

test('a count has an upper bound and does not overflow', async () => {
  const visitor = new Visitor(service);
  await insertCounters(visitor, 0, 2_147_483_647);
  expect((await visitor.signIn()).status).toBe(429);
});
