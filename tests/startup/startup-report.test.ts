import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import type { Environment } from '../../src/config/environment.js';
import { describeFeatures } from '../../src/config/features.js';
import { version } from '../../src/version.js';
import { validEnvironment, testNow } from '../support/configuration.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import {
  startTestService,
  testSecret,
  type LogLine,
  type TestService,
} from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let testDatabase: TestDatabase;
let service: TestService | undefined;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterEach(() => service?.stop());
afterAll(() => testDatabase.drop());

/** The `startup` line of a service with these variables. */
async function startupLine(env: Environment = {}, database = testDatabase): Promise<LogLine> {
  service = await startTestService({ testDatabase: database, env });
  await service.logStartupReport();
  const [line, ...rest] = service.logLines().filter(({ msg }) => msg === 'startup');
  if (line === undefined || rest.length > 0) throw new Error('not exactly one startup line');
  return line;
}

const fingerprint = (secret: string) =>
  createHash('sha256').update(secret).digest('hex').slice(0, 8);

test('the startup line contains everything that affects sessions, and nothing else', async () => {
  const url = new URL(testDatabase.url);
  const env = {
    VERCEL_GIT_COMMIT_SHA: 'c0ffee',
    BETTER_AUTH_URL: 'https://auth.example.com',
    BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.example.org',
  };
  expect(await startupLine(env)).toEqual({
    level: 'info',
    time: expect.any(String) as string,
    msg: 'startup',
    version,
    commit: 'c0ffee',
    environment: 'production',
    node: process.version,
    secret: {
      variable: 'BETTER_AUTH_SECRET',
      length: testSecret.length,
      fingerprint: fingerprint(testSecret),
    },
    baseUrl: 'https://auth.example.com',
    trustedOrigins: ['https://auth.example.com', 'https://docs.example.org'],
    cookie: {
      name: '__Secure-better-auth.session_token',
      attributes: 'Path=/; HttpOnly; Secure; SameSite=None; Partitioned',
    },
    clientIp: 'x-test-client-ip',
    sessionDays: { idle: 7, absolute: 30 },
    ...describeFeatures(readConfig(validEnvironment, testNow).features),
    database: {
      host: url.host,
      name: testDatabase.name,
      pooled: false,
      status: 'ready',
      canary: {
        own: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
        all: expect.any(Array) as [],
      },
      latencyMs: expect.any(Number) as number,
      serverVersion: expect.stringMatching(/^\d+\.\d+$/) as string,
      pendingMigrations: [],
    },
    findings: [],
  });
});

test('rotated secrets are shown as fingerprints in order, never in plain text', async () => {
  const newer = 'mK4t8Zp0aWq2xYc7vN1sLd5hRf9gJb3e';
  const older = 'Hc6uTb1oXn9wQe4zGi0kVs7yPl3mDa8r';
  const line = await startupLine({ BETTER_AUTH_SECRETS: `2:${newer},1:${older}` });
  expect(line.secret).toEqual({
    variable: 'BETTER_AUTH_SECRETS',
    length: newer.length,
    fingerprint: fingerprint(newer),
    previous: [fingerprint(older), fingerprint(testSecret)],
  });
  for (const secret of [newer, older, testSecret]) {
    expect(service?.logText()).not.toContain(secret);
  }
});

describe('the reported cookie is the one that is set', () => {
  const docs = 'https://docs.example.org';
  test.each([
    ['over http on one site', {}, 'http://localhost:3000'],
    ['on two sites', { BETTER_AUTH_URL: 'https://auth.example.com' }, docs],
    [
      'shared with a domain',
      { BETTER_AUTH_URL: 'https://auth.example.org', COOKIE_DOMAIN: 'example.org' },
      docs,
    ],
  ])('%s', async (_, env, origin) => {
    const line = await startupLine({ BETTER_AUTH_TRUSTED_ORIGINS: origin, ...env });
    if (service === undefined) throw new Error('no service');
    const { setCookies } = await new Visitor(service, origin).signUp();
    const [pair = '', ...attributes] = (setCookies[0] ?? '').split('; ');
    const reported = line.cookie as { name: string; attributes: string };
    expect(pair.split('=')[0]).toBe(reported.name);
    const lasting = attributes.filter((attribute) => !attribute.startsWith('Max-Age='));
    expect(reported.attributes.split('; ').sort()).toEqual(lasting.sort());
  });
});

test('a pooled host is reported as such', async () => {
  const url = 'postgresql://auth:word@ep-quiet-pooler.localhost:1/auth';
  expect((await startupLine({ DATABASE_URL: url })).database).toMatchObject({
    host: 'ep-quiet-pooler.localhost:1',
    name: 'auth',
    pooled: true,
    endpoint: 'ep-quiet',
    status: 'unavailable',
  });
});

test('each finding has its own line with level, code, variable and fix', async () => {
  // Its own host: the other tests wrote canaries with other cookies for theirs.
  const line = await startupLine({
    BETTER_AUTH_ULR: 'x',
    BETTER_AUTH_URL: 'https://login.example.com',
    BETTER_AUTH_TRUSTED_ORIGINS: 'https://www.example.com/',
  });
  const own = service?.logLines().filter((found) => found !== line && found.msg !== 'startup');
  expect(own).toEqual([
    {
      level: 'warn',
      time: expect.any(String) as string,
      code: 'VARIABLE_UNKNOWN',
      variable: 'BETTER_AUTH_ULR',
      fix: 'check its spelling against .env.example',
      msg: 'BETTER_AUTH_ULR is not a variable of this service',
    },
    expect.objectContaining({ level: 'warn', code: 'ORIGIN_TRAILING_SLASH' }),
  ]);
  expect(line.findings).toEqual([
    expect.objectContaining({ code: 'VARIABLE_UNKNOWN', variable: 'BETTER_AUTH_ULR' }),
    expect.objectContaining({ code: 'ORIGIN_TRAILING_SLASH' }),
  ]);
});
