/**
 * Each fault in DATABASE_URL is reported with one code and the setting, in the log and at start, without the password.
 */
import { expect, test } from 'vitest';
import { connectOnce } from '../../src/db/client.js';
import { createTestDatabase } from '../support/test-database.js';
import { startTestService } from '../support/test-service.js';
import { expectUnavailable } from '../support/unavailable.js';
import { Visitor } from '../support/visitor.js';

/**
 * Runs /session with a signed cookie against the broken URL. @returns the code of its log line and of the finding at
 * start
 */
async function codesFor(breakUrl: (url: URL) => void, prepare?: (url: string) => Promise<void>) {
  const testDatabase = await createTestDatabase();
  const healthy = await startTestService({ testDatabase });
  const visitor = new Visitor(healthy);
  await visitor.signUp();
  await healthy.stop();
  await prepare?.(testDatabase.url);
  const url = new URL(testDatabase.url);
  breakUrl(url);
  const service = await startTestService({ testDatabase, env: { DATABASE_URL: url.href } });
  const headers = { cookie: visitor.cookieHeader };
  expectUnavailable(await new Visitor(service).ask('/session', { headers }));
  const line = await service.logLine(({ msg }) => msg === 'database unavailable');
  await service.logStartupReport();
  const startup = await service.logLine(({ msg }) => msg === 'startup');
  const findings = startup.findings as { code: string; variable: string }[];
  expect(service.logText()).not.toContain('a-wrong-word');
  await service.stop();
  await testDatabase.drop();
  const ofDatabase = findings.filter(({ variable }) => variable === 'DATABASE_URL');
  return { line, atStart: ofDatabase.map(({ code }) => code) };
}

test.each([
  ['DATABASE_PASSWORD_REFUSED', (url: URL) => (url.password = 'a-wrong-word')],
  ['DATABASE_NAME_UNKNOWN', (url: URL) => (url.pathname = '/nowhere')],
  ['DATABASE_WITHOUT_TLS', (url: URL) => url.searchParams.set('sslmode', 'require')],
  ['DATABASE_UNREACHABLE', (url: URL) => (url.port = '1')],
])('%s', async (code, breakUrl) => {
  const { line, atStart } = await codesFor(breakUrl);
  expect(line).toMatchObject({ level: 'error', code, variable: 'DATABASE_URL' });
  expect(line.fix).toMatch(/\w{3}/);
  expect(atStart).toEqual([code]);
});

test('DATABASE_FULL', async () => {
  const role = `narrow_${Math.random().toString(36).slice(2)}`;
  const { line, atStart } = await codesFor(
    (url) => {
      url.username = role;
      url.password = 'a-wrong-word';
    },
    async (url) => {
      const client = await connectOnce(url);
      await client.query(`create role ${role} login password 'a-wrong-word' connection limit 0`);
      await client.end();
    },
  );
  expect(line).toMatchObject({ level: 'error', code: 'DATABASE_FULL', variable: 'DATABASE_URL' });
  expect(atStart).toEqual(['DATABASE_FULL']);
});
