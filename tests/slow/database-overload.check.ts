import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectOnce } from '../../src/db/client.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import {
  startTestService,
  type TestService,
  type TestServiceOptions,
} from '../support/test-service.js';
import { expectUnavailable } from '../support/unavailable.js';
import { until } from '../support/until.js';
import { Visitor } from '../support/visitor.js';

let testDatabase: TestDatabase;
let service: TestService;
let visitor: Visitor;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
});
afterEach(async () => {
  await service.stop();
  await testDatabase.drop();
});

async function start(options: TestServiceOptions): Promise<void> {
  service = await startTestService({ testDatabase, ...options });
  visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  await service.logStartupReport(); // begins once the first answer has left, and asks the database too
}

/** Holds the table so that every statement on it waits; gives the function that lets go. */
async function lock(table: string): Promise<() => Promise<void>> {
  const client = await connectOnce(testDatabase.url);
  await client.query(`begin; lock table ${table} in access exclusive mode`);
  return () => client.end();
}

/** What the service's connections are running on the server right now. */
const running = () =>
  testDatabase.query<{ query: string }>(
    `select query from pg_stat_activity where state = 'active' and application_name = 'auth-service'
     and datname = current_database()`,
  );

/** Each needs a connection of its own: only session checks share a query. */
const listSessions = (times: number) =>
  Promise.all(Array.from({ length: times }, () => visitor.ask('/api/auth/list-sessions')));

const unavailableCodes = () =>
  service
    .logLines()
    .filter(({ msg }) => msg === 'database unavailable')
    .map(({ code }) => code);

test('a pool that slow statements exhaust answers 503 in time, and says so in the log', async () => {
  await start({ databaseTimeouts: { connectTimeoutMs: 3_000, queryTimeoutMs: 5_000 } });
  const unlock = await lock('session');
  const startedAt = performance.now();
  const lists = listSessions(40);
  await until(async () => (await running()).length === 10); // all connections; the other lists wait to begin
  expectUnavailable(await visitor.ask('/session'));
  for (const answer of await lists) expectUnavailable(answer);
  expect(performance.now() - startedAt).toBeLessThan(12_000); // the deadline is 10 s, and the machine busy
  expect(new Set(unavailableCodes())).toEqual(new Set(['DATABASE_OVERLOADED', 'DATABASE_SLOW']));
  const line = service.logLines().find(({ code }) => code === 'DATABASE_OVERLOADED');
  expect(line).toMatchObject({ level: 'error', variable: 'DATABASE_URL' });
  expect(line?.fix).toContain('pg_stat_activity');
  await unlock();
  for (const answer of await listSessions(5)) expect(answer.status).toBe(200);
});

test('a database that is gone is told as unreachable, not as overload', async () => {
  await start({});
  await service.stop();
  const url = new URL(testDatabase.url);
  url.port = '1';
  service = await startTestService({ testDatabase, env: { DATABASE_URL: url.href } });
  visitor = Object.assign(new Visitor(service), { cookies: visitor.cookies });
  for (const answer of await listSessions(40)) expectUnavailable(answer);
  expect(new Set(unavailableCodes())).toEqual(new Set(['DATABASE_UNREACHABLE']));
});

test('more than 500 that wait for a connection are not kept waiting', async () => {
  await start({ databaseTimeouts: { connectTimeoutMs: 8_000, queryTimeoutMs: 8_000 } });
  const { pool } = service;
  const busy = await Promise.all(Array.from({ length: 10 }, () => pool.connect()));
  const waiting = Array.from({ length: 500 }, () => pool.connect());
  const startedAt = performance.now();
  expectUnavailable(await visitor.ask('/session'));
  expect(performance.now() - startedAt).toBeLessThan(4_000); // at once: twice that is the timeout of those before it
  expect(unavailableCodes()).toEqual(['DATABASE_OVERLOADED']);
  for (const client of busy) client.release();
  for (const client of waiting) (await client).release();
  expect((await visitor.ask('/session')).status).toBe(200);
});

test('a statement that did not answer in time is cancelled on the server, alone and in a transaction', async () => {
  await start({ databaseTimeouts: { connectTimeoutMs: 5_000, queryTimeoutMs: 500 } });
  const unlock = await lock('session, account');
  const cookie = visitor.cookieHeader;
  expectUnavailable(await visitor.ask('/session', { headers: { cookie } }));
  expectUnavailable(await new Visitor(service).signUp());
  // The lock still holds: what waited for it has gone because it was told to.
  await until(async () => (await running()).length === 0);
  await unlock();
});
