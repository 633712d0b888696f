/** On Vercel BetterAuth is loaded with the first request, which must be answered like later ones. */
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { createLazyAuth } from '../../src/auth/lazy-auth.js';
import { createDatabase } from '../../src/db/client.js';
import { createDatabaseLimits } from '../../src/db/limit-store.js';
import { createLogger } from '../../src/log/logger.js';
import { createRequestScopes } from '../../src/request-scope.js';
import { importApp } from '../support/child-process.js';
import { spawnCommand } from '../support/spawned.js';
import { startTestService, testEnvironment, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
beforeEach(async () => {
  service = await startTestService({ isCold: true });
});
afterEach(() => service.stop());

test('three concurrent first sign-ups succeed', async () => {
  const visitors = [new Visitor(service), new Visitor(service), new Visitor(service)];
  const signUps = await Promise.all(visitors.map((visitor) => visitor.signUp()));
  expect(signUps.map(({ status }) => status)).toEqual([200, 200, 200]);
  const seen = await Promise.all(visitors.map((visitor) => visitor.ask('/session')));
  expect(seen.map(({ json }) => (json as { user: { email: string } }).user.email)).toEqual(
    visitors.map(({ email }) => email),
  );
});

test.each([
  ['GET', '/api/auth/no-such-endpoint', 404],
  ['POST', '/api/auth/get-session', 405],
  ['GET', '/api/auth/get-session', 200],
  ['GET', '/session', 401],
])('a first %s %s is answered %i', async (method, path, status) => {
  const body = method === 'POST' ? {} : undefined;
  expect((await new Visitor(service).ask(path, { method, body })).status).toBe(status);
});

test('BetterAuth is created once, even by concurrent requests', async () => {
  let times = 0;
  const { config, database } = service;
  const own = createDatabase({
    url: database.url,
    now: () => new Date(),
    onIdleError: () => undefined,
  });
  const watched = new Proxy(config, {
    get(target, name) {
      if (name === 'baseUrl') times += 1;
      return Reflect.get(target, name) as unknown;
    },
  });
  const auth = createLazyAuth(
    {
      config: watched,
      orm: own.orm,
      logger: createLogger('silent'),
      scopes: createRequestScopes(),
      limits: createDatabaseLimits(own.orm),
    },
    () => Promise.resolve([]),
  );
  await Promise.all([auth.load(), auth.findEndpoint('/'), auth.secretConfig()]);
  const once = times;
  expect(once).toBeGreaterThan(0);
  await Promise.all([auth.load(), auth.findEndpoint('/'), auth.secretConfig()]);
  expect(times).toBe(once);
  await own.close();
});

/** The built service without BetterAuth's file. */
async function tornBuild(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'auth-service-torn-'));
  await cp(inject('builtFolder'), folder, { recursive: true, verbatimSymlinks: true });
  const chunks = await readdir(join(folder, 'dist/chunks'));
  const torn = chunks.filter((name) => /^create-auth-.*\.js$/.test(name));
  expect(torn).not.toEqual([]);
  for (const name of torn) await rm(join(folder, 'dist/chunks', name));
  return folder;
}

const variables = (): Record<string, string> => ({
  ...(testEnvironment as Record<string, string>),
  DATABASE_URL: service.database.url,
});

test('npm start fails if BetterAuth cannot be loaded', async () => {
  const folder = await tornBuild();
  const server = spawnCommand(process.execPath, [join(folder, 'dist/server.js')], {
    cwd: folder,
    env: { ...variables(), PORT: '0' },
  });
  expect(await server.exit).toBe(1);
  const lastLine = server.stdout().trimEnd().split('\n').at(-1) ?? '';
  expect(JSON.parse(lastLine)).toMatchObject({ level: 'fatal', msg: 'cannot start' });
  await rm(folder, { recursive: true });
});

test('a deployment without BetterAuth answers 500 with a log line, and still checks sessions', async () => {
  const folder = await tornBuild();
  const app = await importApp(variables(), join(folder, 'dist/app.js'));
  try {
    const visitor = new Visitor({ url: await app.serve() });
    expect((await visitor.ask('/session')).status).toBe(401);
    await app.logLine(({ msg }) => msg.startsWith('BetterAuth cannot be loaded'));
    for (const path of ['/api/auth/get-session', '/api/auth/ok']) {
      const answer = await visitor.ask(path);
      expect(answer.json).toMatchObject({ code: 'INTERNAL_ERROR' });
    }
  } finally {
    await app.stop();
    await rm(folder, { recursive: true });
  }
});
