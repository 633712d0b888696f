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
  await service.logStartupReport(); // starts after the first response, and queries the database too
}

/** Locks the table so that every statement on it waits. @returns a function that releases the lock */
async function lock(table: string): Promise<() => Promise<void>> {
  const client = await connectOnce(testDatabase.url);
  await client.query(`begin; lock table ${table} in access exclusive mode`);
  return () => client.end();
}

/** Statements that the service's connections are running. */
const running = () =>
  testDatabase.query<{ query: string }>(
    `select query from pg_stat_activity where state = 'active' and application_name = 'auth-service'
     and datname = current_database()`,
  );

/** Each needs its own connection: only session checks are batched. */
const listSessions = (times: number) =>
  Promise.all(Array.from({ length: times }, () => visitor.ask('/api/auth/list-sessions')));

const unavailableCodes = () =>
  service
    .logLines()
    .filter(({ msg }) => msg === 'database unavailable')
    .map(({ code }) => code);

test('with a pool exhausted by slow statements, requests return 503 in time and the log says why', async () => {
  await start({ databaseTimeouts: { connectTimeoutMs: 3_000, queryTimeoutMs: 5_000 } });
  const unlock = await lock('session');
  const startedAt = performance.now();
  const lists = listSessions(40);
  await until(async () => (await running()).length === 10); // all connections; the other requests wait for one
  expectUnavailable(await visitor.ask('/session'));
  for (const answer of await lists) expectUnavailable(answer);
  expect(performance.now() - startedAt).toBeLessThan(12_000); // the deadline is 10 s; the machine may be busy
  expect(new Set(unavailableCodes())).toEqual(new Set(['DATABASE_OVERLOADED', 'DATABASE_SLOW']));
  const line = service.logLines().find(({ code }) => code === 'DATABASE_OVERLOADED');
  expect(line).toMatchObject({ level: 'error', variable: 'DATABASE_URL' });
  expect(line?.fix).toContain('pg_stat_activity');
  await unlock();
  for (const answer of await listSessions(5)) expect(answer.status).toBe(200);
});

test('an unreachable database is reported as such, not as overload', async () => {
  await start({});
  await service.stop();
  const url = new URL(testDatabase.url);
  url.port = '1';
  service = await startTestService({ testDatabase, env: { DATABASE_URL: url.href } });
  visitor = Object.assign(new Visitor(service), { cookies: visitor.cookies });
  for (const answer of await listSessions(40)) expectUnavailable(answer);
  expect(new Set(unavailableCodes())).toEqual(new Set(['DATABASE_UNREACHABLE']));
});

test('requests beyond 500 waiting for a connection fail immediately', async () => {
  await start({ databaseTimeouts: { connectTimeoutMs: 8_000, queryTimeoutMs: 8_000 } });
  const { pool } = service;
  const busy = await Promise.all(Array.from({ length: 10 }, () => pool.connect()));
  const waiting = Array.from({ length: 500 }, () => pool.connect());
  const startedAt = performance.now();
  expectUnavailable(await visitor.ask('/session'));
  expect(performance.now() - startedAt).toBeLessThan(4_000); // immediately: half the timeout of the waiting requests
  expect(unavailableCodes()).toEqual(['DATABASE_OVERLOADED']);
  for (const client of busy) client.release();
  for (const client of waiting) (await client).release();
  expect((await visitor.ask('/session')).status).toBe(200);
});

test('a statement that times out is cancelled on the server, also within a transaction', async () => {
  await start({ databaseTimeouts: { connectTimeoutMs: 5_000, queryTimeoutMs: 500 } });
  const unlock = await lock('session, account');
  const cookie = visitor.cookieHeader;
  expectUnavailable(await visitor.ask('/session', { headers: { cookie } }));
  expectUnavailable(await new Visitor(service).signUp());
  // The lock is still held: the waiting statements ended because they were cancelled.
  await until(async () => (await running()).length === 0);
  await unlock();
});
