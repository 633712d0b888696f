import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { importApp, startServer, type ServiceProcess } from './support/child-process.js';

const marker = 'zq7marker';

const badEnvironment = {
  NODE_ENV: 'production',
  DATABASE_URL: `mysql://user:${marker}@host/db`,
  BETTER_AUTH_SECRET: marker,
  BETTER_AUTH_URL: `https://auth.example.com/${marker}`,
  BETTER_AUTH_TRUSTED_ORIGINS: `https://*.${marker}.example`,
  LOG_LEVEL: marker,
};
const faults = [
  'DATABASE_URL_INVALID',
  'LOG_LEVEL_INVALID',
  'SECRET_TOO_SHORT',
  'BASE_URL_HAS_PATH',
  'ORIGIN_WILDCARD',
];

/** A separate process takes seconds to load on a busy machine. */
const timeout = 180_000;

let running: ServiceProcess | undefined;
afterEach(() => running?.stop());

/** The log of a failed start: one fatal line with all findings, then one line for each. */
function expectRefusal({ logLines, stdout, stderr }: ServiceProcess): void {
  const [startup, ...findings] = logLines().filter(({ msg }) => msg !== 'request');
  expect(startup).toMatchObject({ level: 'fatal', msg: 'startup', status: 'refused' });
  expect(startup?.findings).toMatchObject(faults.map((code) => ({ level: 'error', code })));
  expect(findings).toMatchObject(
    faults.map((code) => ({ level: 'error', code, fix: expect.any(String) as string })),
  );
  expect(stdout() + stderr()).not.toContain(marker);
  expect(stderr()).toBe('');
}

describe('src/app.ts, imported with an invalid configuration', { timeout }, () => {
  test('does not crash, logs every fault, and answers 503 to everything except /health', async () => {
    const app = await importApp(badEnvironment);
    running = app;
    const url = await app.serve();
    const health = await fetch(`${url}/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toEqual({ status: 'ok' });
    const asked: [string, RequestInit][] = [
      ['/', {}],
      ['/ready', {}],
      ['/session', {}],
      ['/api/auth/get-session', {}],
      ['/api/auth/sign-in/email', { method: 'POST', body: '{}' }],
      ['/api/auth/sign-in/email', { method: 'OPTIONS', headers: { origin: 'https://a.test' } }],
    ];
    for (const [path, init] of asked) {
      const answer = await fetch(url + path, init);
      expect(answer.status, path).toBe(503);
      expect(answer.headers.get('retry-after'), path).toMatch(/^\d+$/);
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect(await answer.json(), path).toEqual({
        code: 'CONFIGURATION_INVALID',
        message: 'The service is misconfigured. Its log names each fault.',
        requestId: answer.headers.get('x-request-id'),
      });
    }
    expectRefusal(app);
  });

  test('does not reveal the faults to callers', async () => {
    const app = await importApp(badEnvironment);
    running = app;
    const text = await (await fetch(`${await app.serve()}/session`)).text();
    for (const secret of [marker, ...faults, ...Object.keys(badEnvironment)]) {
      expect(text).not.toContain(secret);
    }
  });
});

test(
  'src/server.ts with an invalid configuration logs every fault and exits with status 1',
  { timeout },
  async () => {
    const server = startServer(badEnvironment);
    running = server;
    expect(await server.exit).toBe(1);
    expectRefusal(server);
  },
);

test(
  'src/app.ts on Vercel opens no connection and logs nothing until the first request',
  { timeout },
  async () => {
    let connections = 0;
    const database = createServer((socket) => {
      connections += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(database, 'listening');
    const { port } = database.address() as AddressInfo;
    const app = await importApp({
      VERCEL: '1',
      VERCEL_ENV: 'production',
      DATABASE_URL: `postgresql://user:word@127.0.0.1:${port}/db`,
      BETTER_AUTH_SECRET: 'mK4t8Zp0aWq2xYc7vN1sLd5hRf9gJb3e',
      BETTER_AUTH_URL: 'https://auth.example.com',
    });
    running = app;
    const url = await app.serve();
    expect(app.stdout() + app.stderr()).toBe('');
    expect(connections).toBe(0);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const startup = await app.logLine(({ msg }) => msg === 'startup');
    expect(startup).toMatchObject({ environment: 'production', clientIp: 'x-real-ip' });
    expect(connections).toBeGreaterThan(0);
    database.close();
  },
);
