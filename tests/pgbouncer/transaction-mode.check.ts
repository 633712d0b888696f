import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { readPrepared } from '../support/prepared-statements.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor, type Answer } from '../support/visitor.js';
import { readPgBouncerVersion, startPgBouncer, type PgBouncer } from './pgbouncer.js';

/** One, so that our second connection uses the server connection of the first. */
const serverConnections = 1;

let testDatabase: TestDatabase;
let pgbouncer: PgBouncer;
let services: TestService[];

let version: string;
beforeAll(async () => {
  version = await readPgBouncerVersion();
});
beforeEach(async () => {
  services = [];
  testDatabase = await createTestDatabase();
  pgbouncer = await startPgBouncer(testDatabase.url, serverConnections);
});
afterEach(async () => {
  for (const service of services) await service.stop();
  await pgbouncer.stop();
  await testDatabase.drop();
});

async function startService(url: string): Promise<TestService> {
  const service = await startTestService({ testDatabase, env: { DATABASE_URL: url } });
  services.push(service);
  return service;
}

const fallbacks = (service: TestService) =>
  service.logLines().filter(({ code }) => code === 'PREPARED_STATEMENT_NOT_KEPT');

/** Any of the services may check them, because they share the database and the secret. */
async function signUpAll(service: TestService, count: number): Promise<Visitor[]> {
  const visitors = Array.from({ length: count }, () => new Visitor(service));
  for (const visitor of visitors) expect((await visitor.signUp()).status).toBe(200);
  return visitors;
}

function at(service: TestService, visitor: Visitor): Promise<Answer> {
  return new Visitor(service).ask('/session', { headers: { cookie: visitor.cookieHeader } });
}

/** Checks every visitor with each service in turn, `concurrency` concurrently, and expects the right user each time. */
async function expectOwnIdentities(
  asked: readonly TestService[],
  visitors: readonly Visitor[],
  times: number,
  concurrency: number,
): Promise<void> {
  const checks = Array.from({ length: times }, (_, index) => index).values();
  const worker = async () => {
    for (const index of checks) {
      const visitor = visitors[index % visitors.length];
      const service = asked[index % asked.length];
      if (visitor === undefined || service === undefined)
        throw new Error('no visitor or service to check');
      const answer = await at(service, visitor);
      expect(answer.status, answer.text).toBe(200);
      expect(answer.json).toMatchObject({ user: { email: visitor.email } });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

test('this is PgBouncer 1.18, which does not track prepared statements, and its connections are shared', async () => {
  expect(version).toMatch(/^PgBouncer 1\.18\./);
  const service = await startService(pgbouncer.url);
  const visitors = await signUpAll(service, 1);
  await expectOwnIdentities([service], visitors, 60, 20);
  expect(await pgbouncer.serverConnections()).toBeLessThanOrEqual(serverConnections);
  expect(await pgbouncer.clientConnections()).toBeGreaterThan(serverConnections);
});

test('a visitor signs up, has a session, signs out, and signs in again', async () => {
  const service = await startService(pgbouncer.url);
  const visitor = new Visitor(service);
  const expectRecognised = async () => {
    expect((await visitor.ask('/session')).json).toMatchObject({ user: { email: visitor.email } });
    expect((await visitor.getSession()).json).toMatchObject({ user: { email: visitor.email } });
  };
  expect((await visitor.signUp()).status).toBe(200);
  await expectRecognised();
  const cookie = visitor.cookieHeader;
  expect((await visitor.signOut()).status).toBe(200);
  const after = await visitor.ask('/session', { headers: { cookie } });
  expect(after.json).toMatchObject({ code: 'NOT_SIGNED_IN', reason: 'session_signed_out' });
  expect((await visitor.signIn()).status).toBe(200);
  await expectRecognised();
});

test('500 checks of 50 visitors, 20 concurrently, each return the right user; one line logs the fallback', async () => {
  const service = await startService(pgbouncer.url);
  const visitors = await signUpAll(service, 50);
  await expectOwnIdentities([service], visitors, 500, 20);
  expect(fallbacks(service)).toEqual([
    expect.objectContaining({
      level: 'info',
      variable: 'DATABASE_URL',
      sqlState: expect.stringMatching(/^(?:26000|42P05)$/) as string,
    }),
  ]);
  const requests = service.logLines().filter(({ msg }) => msg === 'request');
  expect(requests.filter(({ status }) => Number(status) >= 500)).toEqual([]);
});

test('with two services on one PgBouncer no users are mixed up, and each falls back separately', async () => {
  const both = [await startService(pgbouncer.url), await startService(pgbouncer.url)];
  const [first] = both;
  if (first === undefined) throw new Error('there are two');
  await expectOwnIdentities(both, await signUpAll(first, 21), 500, 20);
  for (const service of both) expect(fallbacks(service)).toHaveLength(1);
});

test('a service with a direct connection keeps using its prepared statement', async () => {
  const pooled = await startService(pgbouncer.url);
  const direct = await startService(testDatabase.url);
  await expectOwnIdentities([pooled, direct], await signUpAll(direct, 5), 200, 20);
  expect(fallbacks(pooled)).toHaveLength(1);
  expect(fallbacks(direct)).toEqual([]);
  const prepared = (await readPrepared(direct.pool)).flat();
  expect(prepared.length).toBeGreaterThan(0);
  for (const { name } of prepared) expect(name).toMatch(/^(?:session_check|repeated)_/);
  expect(prepared.some(({ name }) => name.startsWith('session_check_'))).toBe(true);
});

test('/ready and the startup report work through it', async () => {
  const service = await startService(pgbouncer.url);
  const ready = await new Visitor(service).ask('/ready');
  expect(ready.status).toBe(200);
  await service.logStartupReport();
  const startup = service.logLines().find(({ msg }) => msg === 'startup');
  expect(startup).toMatchObject({ database: { status: 'ready', pendingMigrations: [] } });
});
