import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { connectOnce } from '../../src/db/client.js';
import type { FaultyNetwork } from '../support/faulty-network.js';
import type { TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { until } from '../support/until.js';
import { databaseRoutes, expectAllUnavailable, expectUnavailable } from '../support/unavailable.js';
import { useFaultyDatabase } from '../support/use-service.js';
import { Visitor } from '../support/visitor.js';

let testDatabase: TestDatabase;
let network: FaultyNetwork;
let service: TestService;
let visitor: Visitor;

const deadlineMs = 6_000;
/** Allows for a busy machine; a request that hangs takes minutes. */
const longestMs = 60_000;

useFaultyDatabase((started) => ({ testDatabase, network } = started), 'file');
beforeAll(async () => {
  service = await startTestService({
    testDatabase,
    env: { DATABASE_URL: network.url },
    databaseTimeouts: { connectTimeoutMs: 4_000, queryTimeoutMs: 4_000 },
    deadlineMs,
  });
});
afterAll(() => service.stop());

// New for each test: a sign-out that timed out may still complete later.
beforeEach(async () => {
  visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
});

/** Locks the tables so that every statement on them waits. @returns a function that releases the locks */
async function lock(tables: string): Promise<() => Promise<void>> {
  const client = await connectOnce(testDatabase.url);
  await client.query(`begin; lock table ${tables} in access exclusive mode`);
  return () => client.end();
}

test('while queries never return, every route returns 503 within the deadline, and works afterwards', async () => {
  network.freeze();
  expect(await expectAllUnavailable(visitor)).toBeLessThan(longestMs);
  await network.heal();
  await until(async () => (await visitor.ask('/session')).status === 200);
  expect((await visitor.getSession()).json).toMatchObject({ user: { email: visitor.email } });
});

test('while all tables are locked, every route returns 503 within the deadline, and works afterwards', async () => {
  const unlock = await lock('session, "user", account, rate_limit');
  expect(await expectAllUnavailable(visitor)).toBeLessThan(longestMs);
  expect((await visitor.ask('/health')).status).toBe(200);
  await unlock();
});

const signedInRoutes = [
  'get-session',
  '/session',
  'list-sessions',
  'update-user',
  'change-password',
];

test.each(['session', '"user"', 'account', 'rate_limit'])(
  'while only the table %s is locked, no response says signed out',
  async (table) => {
    const unlock = await lock(table);
    try {
      const answers = signedInRoutes.map(async (route) => databaseRoutes[route]?.(visitor));
      for (const answer of await Promise.all(answers)) {
        if (answer?.status === 200) expect(answer.json).toBeTruthy();
        else if (answer !== undefined) expectUnavailable(answer);
      }
    } finally {
      await unlock();
    }
    const afterwards = await visitor.ask('/session');
    expect(afterwards.headers.get('x-session-reason')).toBe('valid');
  },
);

test('timed-out statements do not occupy the pool', async () => {
  const unlock = await lock('session');
  const concurrentRequests = () =>
    Promise.all(Array.from({ length: 30 }, () => visitor.ask('/session')));
  for (const answer of await concurrentRequests()) expectUnavailable(answer);
  await unlock();
  for (const answer of await concurrentRequests()) expect(answer.status).toBe(200);
});

test('sign-ups that time out within their transaction leave no rows, and work afterwards', async () => {
  const newUsers = Array.from({ length: 5 }, () => new Visitor(service));
  const signUpAll = () => Promise.all(newUsers.map((newUser) => newUser.signUp()));
  const unlock = await lock('account');
  for (const answer of await signUpAll()) expectUnavailable(answer);
  await unlock();
  for (const answer of await signUpAll()) expect(answer.status).toBe(200);
  for (const newUser of newUsers) expect((await newUser.ask('/session')).status).toBe(200);
});
