import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Environment } from '../../src/config/environment.js';
import type { Finding } from '../../src/config/finding.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService } from '../support/test-service.js';

let database: TestDatabase | undefined;
beforeEach(async () => {
  await database?.drop();
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const cleanConfiguration: Environment = {
  BETTER_AUTH_URL: 'https://auth.example.com',
  BETTER_AUTH_TRUSTED_ORIGINS: 'https://www.example.com',
};

/** The findings about a changed cookie of a start with these settings. */
async function start(changes: Environment = {}): Promise<Finding[]> {
  const service = await startTestService({
    testDatabase: database as TestDatabase,
    env: { ...cleanConfiguration, ...changes },
  });
  await service.logStartupReport();
  await service.stop();
  const line = service.logLines().find(({ msg }) => msg === 'startup');
  return (line?.findings as Finding[]).filter(({ code }) => code === 'COOKIE_POLICY_CHANGED');
}

test('a first start and a start with the same cookie report nothing', async () => {
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
  'a start after %s changed the cookie reports the setting, until the old cookie has expired',
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

test('another deployment on the same database, or an older build, is ignored', async () => {
  await start({ BETTER_AUTH_URL: 'https://other.example.com', COOKIE_DOMAIN: 'example.com' });
  await start({ NODE_ENV: 'staging', COOKIE_DOMAIN: 'example.com' });
  await database?.query('update deployment_canary set cookie_policy = null');
  expect(await start()).toEqual([]);
});
