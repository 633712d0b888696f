import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testSecret } from '../support/test-service.js';
import { until } from '../support/until.js';
import { Visitor } from '../support/visitor.js';
import { buildForVercel, serveFunction, type VercelBuild } from './vercel-build.js';

let build: VercelBuild;
let settings: { handler: string; maxDuration: number; runtime: string };
let database: TestDatabase;
beforeAll(async () => {
  build = await buildForVercel();
  settings = JSON.parse(
    await readFile(join(build.functionFolder, '.vc-config.json'), 'utf8'),
  ) as typeof settings;
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  await build.remove();
});

const serve = (env: Record<string, string>) =>
  serveFunction(join(build.functionFolder, settings.handler), {
    VERCEL: '1',
    VERCEL_ENV: 'production',
    ...env,
  });

test('vercel build deploys the bundle and applies the function settings of vercel.json', async () => {
  const { functions } = JSON.parse(await readFile('vercel.json', 'utf8')) as {
    functions: Record<string, object>;
  };
  expect(settings.handler).toBe('dist/vercel/app.js');
  expect(settings).toMatchObject(functions['index.js'] ?? {});
});

test('the built function signs a user up, in and out against PostgreSQL', async () => {
  const origin = 'https://docs.example.com';
  const served = await serve({
    DATABASE_URL: database.url,
    BETTER_AUTH_SECRET: testSecret,
    BETTER_AUTH_URL: 'https://auth.example.com',
    BETTER_AUTH_TRUSTED_ORIGINS: origin,
  });
  try {
    expect(served.logText()).toBe(''); // a query or a line at import would be outside any request
    const visitor = new Visitor(served, origin);
    const signedUp = await visitor.ask('/api/auth/sign-up/email', {
      body: { name: 'Ada', email: visitor.email, password: visitor.password },
      headers: { 'x-real-ip': '203.0.113.7' },
    });
    expect(signedUp.status).toBe(200);
    expect(signedUp.setCookies[0]).toMatch(
      /^__Secure-better-auth\.session_token=.+; Secure; SameSite=Lax$/,
    );
    expect((await visitor.signOut()).status).toBe(200);
    expect((await visitor.signIn()).status).toBe(200);
    const seen = await visitor.ask('/session');
    expect(seen.status).toBe(200);
    expect(seen.json).toMatchObject({ user: { email: visitor.email } });
    expect((await visitor.ask('/ready')).json).toMatchObject({ status: 'ready' });
    expect((await visitor.signOut()).status).toBe(200);
    expect((await visitor.ask('/session')).json).toMatchObject({ reason: 'no_credential' });
    const rows = await database.query('select 1 from rate_limit where key like $1', [
      '203.0.113.7|%',
    ]);
    expect(rows).toHaveLength(1);
    const startups = served
      .logText()
      .split('\n')
      .filter((line) => line.includes('"msg":"startup"'));
    expect(startups).toHaveLength(1);
    expect(JSON.parse(startups[0] ?? '')).toMatchObject({
      environment: 'production',
      database: { status: 'ready' },
    });
  } finally {
    await served.stop();
  }
});

test('the built function returns 503 for an invalid configuration and logs the fault codes', async () => {
  const served = await serve({ BETTER_AUTH_SECRET: 'short' });
  try {
    const answer = await new Visitor(served).ask('/session');
    expect(answer.status).toBe(503);
    expect(answer.json).toMatchObject({ code: 'CONFIGURATION_INVALID' });
    expect((await new Visitor(served).ask('/health')).status).toBe(200);
    for (const code of ['SECRET_TOO_SHORT', 'BASE_URL_MISSING', 'DATABASE_URL_MISSING']) {
      expect(served.logText()).toContain(code);
    }
  } finally {
    await served.stop();
  }
});

const sound = () => ({
  DATABASE_URL: database.url,
  BETTER_AUTH_SECRET: testSecret,
  BETTER_AUTH_URL: 'https://auth.example.com',
});

test.each([
  ['a readiness check', '/ready', 'src/db/readiness.ts', 'await readLiveSchema'],
  [
    'a sign-in that loads BetterAuth',
    '/api/auth/sign-in/email',
    'src/db/sign-in-attempts.ts', // what a sign-in asks the database first
    'await ',
  ],
])('the stack trace of %s names the file and the line in src', async (_of, path, file, code) => {
  // It takes connections, so that the statement fails, and not what waits for a connection before it.
  const broken = await createTestDatabase();
  await broken.query('drop table rate_limit');
  const nowhere = 'postgresql://someone@127.0.0.1:1/nowhere';
  const served = await serve({
    ...sound(),
    DATABASE_URL: path === '/ready' ? nowhere : broken.url,
  });
  try {
    const visitor = new Visitor(served, 'https://auth.example.com');
    const body = path === '/ready' ? undefined : { email: visitor.email, password: 'of-nobody' };
    expect((await visitor.ask(path, { body })).status).toBe(503);
    const logged = () => served.logText().match(/^.*"database unavailable".*$/m)?.[0];
    const { err } = JSON.parse(await until(logged)) as { err: { stack: string[] } };
    const frame = new RegExp(`/${file}:(\\d+):\\d+`);
    const line = Number(err.stack.map((each) => frame.exec(each)?.[1]).find(Boolean));
    const source = await readFile(file, 'utf8');
    expect(source.split('\n')[line - 1]).toContain(code);
  } finally {
    await served.stop();
    await broken.drop();
  }
});

/** The symbol by which Vercel's package detects the platform. */
const atVercel = { VERCEL_URL: 'auth-service-x.vercel.app', VERCEL_REGION: 'fra1' };

test('on Vercel waitUntil is pending until idle connections are closed', async () => {
  const served = await serve({ ...sound(), ...atVercel });
  try {
    const text = `select 1 from pg_stat_activity
      where datname = current_database() and application_name = 'auth-service'`;
    expect((await new Visitor(served).ask('/ready')).status).toBe(200);
    expect(await database.query(text)).not.toEqual([]);
    await until(
      () => served.count('awake') > 1 && served.count('asleep') === served.count('awake'),
    );
    expect(await database.query(text)).toEqual([]);
  } finally {
    await served.stop();
  }
});

test('elsewhere waitUntil is only used for the startup report', async () => {
  const served = await serve({ ...sound(), ...atVercel, VERCEL: '' });
  try {
    expect((await new Visitor(served).ask('/ready')).status).toBe(200);
    await until(() => served.count('asleep') === 1);
    expect((await new Visitor(served).ask('/ready')).status).toBe(200);
    expect(served.count('awake')).toBe(1);
  } finally {
    await served.stop();
  }
});
