import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Environment } from '../src/config/environment.js';
import type { Finding } from '../src/config/finding.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';
import { startTestService } from './support/test-service.js';

let database: TestDatabase | undefined;
beforeEach(async () => {
  await database?.drop();
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const sound: Environment = {
  BETTER_AUTH_URL: 'https://auth.example.com',
  BETTER_AUTH_TRUSTED_ORIGINS: 'https://www.example.com',
};

/** What a start with these changes tells about a moved cookie. */
async function start(changes: Environment = {}): Promise<Finding[]> {
  const service = await startTestService({
    testDatabase: database as TestDatabase,
    env: { ...sound, ...changes },
  });
  await service.logStartupReport();
  await service.stop();
  const line = service.logLines().find(({ msg }) => msg === 'startup');
  return (line?.findings as Finding[]).filter(({ code }) => code === 'COOKIE_POLICY_CHANGED');
}

test('a first start and a start with the same cookie have nothing to tell', async () => {
  expect(await start()).toEqual([]);
  expect(await start()).toEqual([]);
  expect(await start({ SESSION_IDLE_DAYS: '3', BEARER_TOKENS: 'on' })).toEqual([]);
});

test.each<[string, Environment, RegExp]>([
  ['COOKIE_DOMAIN', { COOKIE_DOMAIN: 'example.com' }, /had no Domain, now Domain=example\.com;/],
  [
    'BETTER_AUTH_TRUSTED_ORIGINS',
    { BETTER_AUTH_TRUSTED_ORIGINS: 'https://www.example.com,http://localhost:3000' },
    /had SameSite=Lax, now SameSite=None; Partitioned, because http:\/\/localhost:3000 is on/,
  ],
  [
    'BETTER_AUTH_URL',
    {
      BETTER_AUTH_URL: 'http://auth.example.com',
      BETTER_AUTH_TRUSTED_ORIGINS: 'http://www.example.com',
      NODE_ENV: 'development',
    },
    /had the name __Secure-better-auth\.session_token, now the name better-auth\.session_token/,
  ],
])(
  'a start after %s moved the cookie names the setting, until no browser can hold the old one',
  async (variable, changes, message) => {
    const environment = changes.NODE_ENV ?? 'production';
    await start({ NODE_ENV: environment });
    const [finding, ...others] = await start({ ...changes, NODE_ENV: environment });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ level: 'info', code: 'COOKIE_POLICY_CHANGED', variable });
    expect(finding?.message).toMatch(message);
    expect(await start({ ...changes, NODE_ENV: environment })).toHaveLength(1);
    await database?.query(`update deployment_canary set left_at = left_at - interval '8 days'`);
    expect(await start({ ...changes, NODE_ENV: environment })).toEqual([]);
  },
);

test('another deployment on the same database, or a build of before, is not compared', async () => {
  await start({ BETTER_AUTH_URL: 'https://other.example.com', COOKIE_DOMAIN: 'example.com' });
  await start({ NODE_ENV: 'staging', COOKIE_DOMAIN: 'example.com' });
  await database?.query('update deployment_canary set cookie_policy = null');
  expect(await start()).toEqual([]);
});
