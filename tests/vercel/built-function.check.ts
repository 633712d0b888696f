import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testSecret } from '../support/test-service.js';
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

test('vercel build finds src/app.ts and applies the function settings of vercel.json', async () => {
  const { functions } = JSON.parse(await readFile('vercel.json', 'utf8')) as {
    functions: Record<string, object>;
  };
  expect(settings.handler).toBe('src/app.js');
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

test('the built function answers 503 to a bad configuration and logs the fault codes', async () => {
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
