/** Redis that cannot be reached or is something else: attempts answer 503, and session checks go on. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';

let testDatabase: TestDatabase;
const stops: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
afterAll(() => testDatabase.drop());

const password = 'hunter2-canary';

/** A server on a free port that greets each connection and answers each message. */
async function listenAs(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

async function serviceWith(url: string): Promise<TestService> {
  const env = { REDIS_URL: url, DIAGNOSTICS_TOKEN: 'Zk4t8Mp0aWq2xYc7vN1sLd5hRf9gJb3e' };
  const service = await startTestService({ testDatabase, env });
  stops.push(() => service.stop());
  return service;
}

const closed = () =>
  listenAs(() => undefined).then(async (port) => {
    await stops.pop()?.();
    return port;
  });

const faults: readonly [string, () => Promise<number>, string, string][] = [
  ['refuses connections', closed, 'redis', 'REDIS_UNREACHABLE'],
  ['never answers', () => listenAs(() => undefined), 'redis', 'REDIS_TIMEOUT'],
  [
    'closes connections',
    () => listenAs((socket) => socket.end()),
    'redis',
    'REDIS_CONNECTION_LOST',
  ],
  [
    'speaks HTTP',
    () => listenAs((socket) => socket.on('data', () => socket.write('HTTP/1.1 400 No\r\n\r\n'))),
    'redis',
    'REDIS_PROTOCOL',
  ],
  [
    'answers OK to everything',
    () => listenAs((socket) => socket.on('data', () => socket.write('+OK\r\n'))),
    'redis',
    'REDIS_REPLY_UNEXPECTED',
  ],
  [
    'answers null to everything',
    () => listenAs((socket) => socket.on('data', () => socket.write('$-1\r\n'))),
    'redis',
    'REDIS_REPLY_UNEXPECTED',
  ],
  [
    'has no TLS',
    () => listenAs((socket) => socket.on('data', () => socket.write('-ERR unknown command\r\n'))),
    'rediss',
    'REDIS_PROTOCOL',
  ],
];

test.each(faults)('a server that %s', async (_, start, scheme, cause) => {
  const service = await serviceWith(`${scheme}://:${password}@127.0.0.1:${await start()}/1`);
  const visitor = new Visitor(service);
  const startedAt = performance.now();
  const answer = await visitor.signIn();
  expect(performance.now() - startedAt).toBeLessThan(8_000);
  expect(answer.status).toBe(503);
  expect(answer.json).toMatchObject({ code: 'LIMITS_UNAVAILABLE' });
  expect(answer.headers.get('retry-after')).toBe('5');
  expect(answer.headers.getSetCookie()).toEqual([]);
  const line = await service.logLine(({ msg, path }) => msg === 'request' && path !== '/ready');
  expect(line).toMatchObject({
    level: 'error',
    status: 503,
    code: 'LIMITS_UNAVAILABLE',
    cause,
    variable: 'REDIS_URL',
  });
  expect(line.fix).toBeTruthy();

  const session = await fetch(`${service.url}/session`);
  expect(session.status).toBe(401);
  expect(session.headers.get('x-session-reason')).toBe('no_credential');

  const ready = await fetch(`${service.url}/ready`);
  expect([ready.status, await ready.json()]).toMatchObject([
    200,
    { status: 'ready', checks: { database: 'ok', limits: 'unavailable' } },
  ]);
  await service.logStartupReport();
  const startup = await service.logLine(({ msg }) => msg === 'startup');
  expect(startup.limits).toMatchObject({ store: 'redis', status: 'unavailable', database: 1 });
  expect(startup.findings).toContainEqual(
    expect.objectContaining({ level: 'error', code: cause, variable: 'REDIS_URL' }),
  );
  expect(service.logText()).not.toContain('hunter2');

  const headers = { 'x-diagnostics-token': 'Zk4t8Mp0aWq2xYc7vN1sLd5hRf9gJb3e' };
  const metrics = await (await fetch(`${service.url}/metrics`, { headers })).text();
  const counted = new RegExp(`auth_limits_unavailable_total\\{cause="${cause}"\\} [1-9]`);
  expect(metrics).toMatch(counted);
  expect(metrics).not.toContain('hunter2');
});

test('a login that the server refuses is tried again by the next attempt', async () => {
  let logins = 0;
  const port = await listenAs((socket) =>
    socket.on('data', () => {
      logins += 1;
      socket.write('-ERR max number of clients reached\r\n');
    }),
  );
  const visitor = new Visitor(await serviceWith(`redis://:${password}@127.0.0.1:${port}`));
  expect((await visitor.signIn()).status).toBe(503);
  const before = logins;
  expect((await visitor.signIn()).status).toBe(503);
  expect(logins).toBeGreaterThan(before);
});
