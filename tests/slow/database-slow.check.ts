import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { connectOnce } from '../../src/db/client.js';
import { createFaultyNetwork, type FaultyNetwork } from '../support/faulty-network.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { until } from '../support/until.js';
import { databaseRoutes, expectAllUnavailable, expectUnavailable } from '../support/unavailable.js';
import { Visitor } from '../support/visitor.js';

let testDatabase: TestDatabase;
let network: FaultyNetwork;
let service: TestService;
let visitor: Visitor;

const deadlineMs = 6_000;
/** Room for a busy machine; a request that hangs takes minutes. */
const longestMs = 60_000;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  network = await createFaultyNetwork(testDatabase.url);
  service = await startTestService({
    testDatabase,
    env: { DATABASE_URL: network.url },
    databaseTimeouts: { connectTimeoutMs: 4_000, queryTimeoutMs: 4_000 },
    deadlineMs,
  });
});
afterAll(async () => {
  await service.stop();
  await network.close();
  await testDatabase.drop();
});

// A new one for each test: a sign-out that got no answer in time may still happen later.
beforeEach(async () => {
  visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
});

/** Holds the tables so that every statement on them waits; gives the function that lets go. */
async function lock(tables: string): Promise<() => Promise<void>> {
  const client = await connectOnce(testDatabase.url);
  await client.query(`begin; lock table ${tables} in access exclusive mode`);
  return () => client.end();
}

test('while queries never return, every route answers 503 within the deadline, and works afterwards', async () => {
  network.freeze();
  expect(await expectAllUnavailable(visitor)).toBeLessThan(longestMs);
  await network.heal();
  await until(async () => (await visitor.ask('/session')).status === 200);
  expect((await visitor.getSession()).json).toMatchObject({ user: { email: visitor.email } });
});

test('while a lock holds every table, every route answers 503 within the deadline, and works afterwards', async () => {
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
  'while a lock holds the table %s alone, nobody is told to be signed out',
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

test('statements that waited too long do not take up the pool', async () => {
  const unlock = await lock('session');
  const crowd = () => Promise.all(Array.from({ length: 30 }, () => visitor.ask('/session')));
  for (const answer of await crowd()) expectUnavailable(answer);
  await unlock();
  for (const answer of await crowd()) expect(answer.status).toBe(200);
});

test('sign-ups that time out within their transaction leave nothing behind, and work afterwards', async () => {
  const newcomers = Array.from({ length: 5 }, () => new Visitor(service));
  const signUpAll = () => Promise.all(newcomers.map((newcomer) => newcomer.signUp()));
  const unlock = await lock('account');
  for (const answer of await signUpAll()) expectUnavailable(answer);
  await unlock();
  for (const answer of await signUpAll()) expect(answer.status).toBe(200);
  for (const newcomer of newcomers) expect((await newcomer.ask('/session')).status).toBe(200);
});
