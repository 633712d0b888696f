import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Canaries, CanaryVisitor } from '../support/canary.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'];
const secret = 'zqSecretCanary-mK4t8Zp0aWq2xYc7vN1sLd5h';

let testDatabase: TestDatabase;
let service: TestService;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterEach(() => service.stop());
afterAll(() => testDatabase.drop());

/** A sign-up, a duplicate, a wrong password, a session, a tampered cookie, and a database that lacks a table. */
async function live(canaries: Canaries): Promise<CanaryVisitor[]> {
  const visitor = new CanaryVisitor(service, canaries);
  const twin = new CanaryVisitor(service, canaries);
  await visitor.signUp();
  const body = { name: 'Twin', email: visitor.email, password: twin.password };
  await twin.ask('/api/auth/sign-up/email', { body });
  await visitor.signIn(twin.password);
  await visitor.signIn();
  await visitor.getSession();
  await visitor.ask(`/session?${visitor.cookieHeader}`);
  const { sessionCookie, cookieHeader } = visitor;
  const tampered = cookieHeader.replace(sessionCookie, sessionCookie.slice(0, -5));
  await twin.ask('/session', { headers: { cookie: tampered } });
  await testDatabase.query('alter table session rename to gone');
  await visitor.getSession();
  await visitor.signIn();
  await testDatabase.query('alter table gone rename to session');
  await visitor.signOut();
  return [visitor, twin];
}

async function logAt(level: string): Promise<string> {
  const canaries = new Canaries();
  canaries.plant('secret', secret);
  canaries.plant('database password', new URL(testDatabase.url).password);
  const env = { LOG_LEVEL: level, BETTER_AUTH_SECRET: secret, COOKIE_DEBUG: 'summary' };
  service = await startTestService({ testDatabase, env });
  await service.logStartupReport();
  const visitors = await live(canaries);
  expect(visitors.flatMap(({ leaks }) => leaks)).toEqual([]);
  expect(canaries.foundIn(service.logText())).toEqual([]);
  return service.logText();
}

test.each(levels)(
  'at level %s no secret is logged, and nothing of a lower level',
  async (level) => {
    await logAt(level);
    const logged = new Set(service.logLines().map((line) => line.level));
    const allowed = levels.slice(0, levels.indexOf(level) + 1);
    expect([...logged].filter((one) => !allowed.includes(one))).toEqual([]);
    expect(logged.has('error')).toBe(level !== 'fatal');
  },
);

test('at level silent nothing is logged at all', async () => {
  expect(await logAt('silent')).toBe('');
});
