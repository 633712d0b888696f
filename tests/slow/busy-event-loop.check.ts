import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { connectOnce, createDatabase, type Database } from '../../src/db/client.js';
import { errorTable } from '../../src/errors.js';
import { isServiceBusy, ServiceBusyError, watchEventLoop } from '../../src/event-loop.js';
import { withTimeout } from '../../src/http/with-timeout.js';
import { databaseFindings } from '../../src/startup/database-findings.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor, type Answer } from '../support/visitor.js';

/** Blocks the event loop, like a long computation. */
function block(milliseconds: number): void {
  const endsAt = performance.now() + milliseconds;
  while (performance.now() < endsAt);
}

let testDatabase: TestDatabase;
let unhurried: TestService;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  unhurried = await startTestService({ testDatabase });
});
afterAll(async () => {
  await unhurried.stop();
  await testDatabase.drop();
});

/** A visitor who signed up through a service with default timeouts. */
async function memberOf(service: TestService): Promise<Visitor> {
  const member = new Visitor(unhurried);
  expect((await member.signUp()).status).toBe(200);
  const { cookies, email, password } = member;
  return Object.assign(new Visitor(service), { cookies, email, password });
}

/** Which timer expires first; each is much shorter than the time the loop is blocked. */
const timers = {
  'the deadline of the request': { deadlineMs: 800 },
  'the timeout of a statement': { databaseTimeouts: { queryTimeoutMs: 800 } },
  'the timeout of a connection': { databaseTimeouts: { connectTimeoutMs: 800 } },
};

const asked: Record<string, (visitor: Visitor) => Promise<Answer>> = {
  '/session': (visitor) => visitor.ask('/session'),
  'get-session': (visitor) => visitor.getSession(),
  'get-session through BetterAuth': (visitor) =>
    visitor.ask('/api/auth/get-session?disableCookieCache=true'),
  'list-sessions': (visitor) => visitor.ask('/api/auth/list-sessions'),
  'update-user': (visitor) => visitor.ask('/api/auth/update-user', { body: { name: 'B' } }),
  'sign-in': (visitor) => visitor.signIn(),
  'sign-out': (visitor) => visitor.signOut(),
};

function expectTrueOrBusy(route: string, answer: Answer): void {
  if (answer.status === 200) return;
  expect(answer.json, route).toMatchObject({ code: 'SERVICE_BUSY' });
  expect(answer.json?.message).toBe(errorTable.SERVICE_BUSY.message);
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  expect(answer.headers.get('x-session-reason') ?? 'service_busy').toBe('service_busy');
  expect(answer.setCookies).toEqual([]);
}

test.each(Object.entries(timers))(
  'where %s passes while the event loop is blocked, no answer and no line blames the database',
  async (_name, options) => {
    const service: TestService = await startTestService({ testDatabase, ...options });
    try {
      let wentWrong = 0;
      for (const [route, ask] of Object.entries(asked)) {
        const visitor = await memberOf(service);
        for (const waitMs of [0, 4]) {
          const answering = ask(visitor);
          await sleep(waitMs); // blocks at a different point of the request each time
          block(1_700);
          const answer = await answering;
          expectTrueOrBusy(route, answer);
          if (answer.status !== 200) wentWrong += 1;
          if (route === 'sign-out') break;
        }
      }
      const text = service.logText();
      expect(text).not.toContain('database unavailable');
      expect(text).not.toMatch(/"code":"DATABASE_/);
      expect(text).not.toContain('"reason":"database_unavailable"');
      if (wentWrong > 0) expect(text).toContain('"msg":"service busy"');
    } finally {
      await service.stop();
    }
  },
);

test('/ready and the startup report of a busy process do not blame the database', async () => {
  const service = await startTestService({ testDatabase, deadlineMs: 800 });
  const visitor = new Visitor(service);
  expect((await visitor.ask('/health')).status).toBe(200);
  await service.logStartupReport();
  const client = await connectOnce(testDatabase.url);
  await client.query('begin; lock table auth_service_record.migrations in access exclusive mode');
  await sleep(1_100); // a result is cached for a second
  const answering = visitor.ask('/ready');
  await sleep(50);
  block(1_700);
  const answer = await answering;
  await client.end();
  expect(answer.json).toMatchObject({ code: 'NOT_READY', checks: { database: 'unknown' } });
  const line = await service.logLine(({ path }) => path === '/ready');
  expect(line.cause).toBe('SERVICE_BUSY');
  await service.stop();
  const error = new ServiceBusyError('busy', { cause: new Error('Query read timeout') });
  expect(databaseFindings({ error }, 86_400)).toMatchObject([
    { level: 'warn', code: 'SERVICE_BUSY' },
  ]);
});

test('a hanging database is still reported as the cause if the event loop is not blocked', async () => {
  const service = await startTestService({ testDatabase, deadlineMs: 800 });
  const visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  const client = await connectOnce(testDatabase.url);
  await client.query('begin; lock table session in access exclusive mode');
  const answer = await visitor.ask('/session');
  await client.end();
  expect(answer.json).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  expect(answer.headers.get('x-session-reason')).toBe('database_unavailable');
  await service.stop();
});

test('a deadline that passes while the loop is blocked is attributed to the service, and a received result is used', async () => {
  const never = new Promise<never>(() => undefined);
  const late = withTimeout(never, 300);
  block(600);
  await expect(late).rejects.toThrow(ServiceBusyError);
  // Readable when the deadline has passed, but timers run first.
  const ready = withTimeout(new Promise((resolve) => setImmediate(resolve, 'read')), 300);
  block(600);
  expect(await ready).toBe('read');
});

test('a suspended process is distinguished from an unresponsive database', async () => {
  const isBusy = watchEventLoop();
  await sleep(300);
  expect(isBusy(300)).toBe(false);
  await sleep(1_200); // like a timer of 300 ms that fires this late
  expect(isBusy(300)).toBe(true);
});

let database: Database;
beforeEach(() => {
  database = createDatabase({
    url: testDatabase.url,
    onIdleError: () => undefined,
    queryTimeoutMs: 300,
    connectTimeoutMs: 300,
    maxConnections: 1,
  });
  return () => database.close();
});

test('the driver’s own timeouts are attributed too, with promises and with callbacks', async () => {
  const { pool } = database;
  const client = await pool.connect();
  const asking = client.query('select pg_sleep(0.5)').catch((error: unknown) => error);
  block(700);
  const error = await asking;
  if (error instanceof Error) expect(isServiceBusy(error)).toBe(true);
  client.release(true);
  const byCallback = pool.query('select pg_sleep(10)').catch((error: unknown) => error);
  await sleep(20);
  const failed = await byCallback;
  expect(failed).toBeInstanceOf(Error);
  expect(isServiceBusy(failed)).toBe(false); // the loop was not blocked: the statement is slow
  expect(failed).toMatchObject({ message: 'Query read timeout' });
});

test('a connection timeout while the loop is blocked is attributed to the service', async () => {
  const { pool } = database;
  const client = await pool.connect();
  const waiting = pool.connect().catch((error: unknown) => error);
  await new Promise(setImmediate);
  block(700);
  const error = await waiting;
  expect(isServiceBusy(error)).toBe(true);
  const really = await pool.connect().catch((failure: unknown) => failure);
  expect(isServiceBusy(really)).toBe(false); // all connections really are busy
  expect(really).toMatchObject({ name: 'PoolExhaustedError' });
  client.release();
});

test('the startup report does not blame the database if the process was too busy', () => {
  const error = new Error('Failed query', { cause: new ServiceBusyError('no time to read') });
  expect(databaseFindings({ error }, 60)).toMatchObject([{ level: 'warn', code: 'SERVICE_BUSY' }]);
});
