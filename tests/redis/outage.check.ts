/** A real Redis that stops counting in the middle: no guess passes uncounted, sessions go on, and it recovers at once. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { redisCauses } from '../../src/features/redis-limits/causes.js';
import { createFaultyNetwork } from '../support/faulty-network.js';
import { startRedis, type RedisServer } from '../support/redis-server.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { until } from '../support/until.js';
import { Visitor } from '../support/visitor.js';

let testDatabase: TestDatabase;
let redis: RedisServer;
let service: TestService;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
beforeEach(async () => {
  redis = await startRedis();
  service = await startTestService({ testDatabase, env: { REDIS_URL: redis.url } });
});
afterEach(async () => {
  await service.stop();
  await redis.stop();
});
afterAll(() => testDatabase.drop());

/** Until then a request that waited for Redis has been answered. */
const answeredWithinMs = 5_000;
const recoveredWithinMs = 3_000;

async function expectOutage(of: TestService, visitor: Visitor, cause: string): Promise<void> {
  const since = of.logLines().length;
  const startedAt = performance.now();
  const answer = await visitor.signIn();
  expect(performance.now() - startedAt).toBeLessThan(answeredWithinMs);
  expect([answer.status, answer.json]).toMatchObject([503, { code: 'LIMITS_UNAVAILABLE' }]);
  expect(answer.setCookies).toEqual([]);
  const line = await until(() =>
    of
      .logLines()
      .slice(since)
      .find(({ msg, status }) => msg === 'request' && status === 503),
  );
  expect(Object.keys(redisCauses)).toContain(line.cause);
  expect(line).toMatchObject({ cause });
  await expectSession(of, visitor);
}

async function expectSession(of: TestService, visitor: Visitor): Promise<void> {
  for (const path of ['/session', '/api/auth/get-session']) {
    const startedAt = performance.now();
    const answer = await visitor.ask(path);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ user: { email: visitor.email } });
  }
}

async function expectRecovery(visitor: Visitor): Promise<void> {
  const startedAt = performance.now();
  let status = 0;
  while (status !== 200 && performance.now() - startedAt < recoveredWithinMs) {
    status = (await visitor.signIn()).status;
  }
  expect(status).toBe(200);
}

async function signedUp(of = service): Promise<Visitor> {
  const visitor = new Visitor(of);
  expect((await visitor.signUp()).status).toBe(200);
  expect((await visitor.signIn()).status).toBe(200);
  return visitor;
}

test('killed and started again', async () => {
  const visitor = await signedUp();
  await redis.kill();
  await expectOutage(service, visitor, 'REDIS_UNREACHABLE');
  await redis.start();
  await expectRecovery(visitor);
});

test('restarted between two requests: nobody notices', async () => {
  const visitor = await signedUp();
  await redis.kill();
  await redis.start();
  expect((await visitor.signIn()).status).toBe(200);
});

test('frozen: every route is answered in time', async () => {
  const visitor = await signedUp();
  redis.freeze();
  await expectOutage(service, visitor, 'REDIS_TIMEOUT');
  const answers = await Promise.all([
    visitor.ask('/api/auth/change-password', {
      body: { currentPassword: visitor.password, newPassword: `${visitor.password}2` },
    }),
    new Visitor(service).signUp(),
    visitor.ask('/api/auth/list-sessions'),
  ]);
  expect(answers.map(({ status, json }) => [status, json?.code])).toEqual(
    Array(3).fill([503, 'LIMITS_UNAVAILABLE']),
  );
  redis.thaw();
  await expectRecovery(visitor);
  expect((await visitor.signIn()).status).toBe(200); // with the password that was not changed
});

test.each([
  ['a replica', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE'], 'REDIS_READ_ONLY'],
  [
    'a full memory',
    ['CONFIG', 'SET', 'maxmemory', '1'],
    ['CONFIG', 'SET', 'maxmemory', '0'],
    'REDIS_MEMORY_FULL',
  ],
  [
    'too few replicas',
    ['CONFIG', 'SET', 'min-replicas-to-write', '1'],
    ['CONFIG', 'SET', 'min-replicas-to-write', '0'],
    'REDIS_NOT_WRITING',
  ],
  [
    'an account that may not count',
    ['ACL', 'SETUSER', 'default', '-@scripting'],
    ['ACL', 'SETUSER', 'default', '+@all'],
    'REDIS_PERMISSION_MISSING',
  ],
])('%s', async (_, breaking, mending, cause) => {
  const visitor = await signedUp();
  await redis.command(...breaking);
  await expectOutage(service, visitor, cause);
  await redis.command(...mending);
  await expectRecovery(visitor);
});

test('a key of another type is an outage, not an error of the service', async () => {
  const visitor = await signedUp();
  await visitor.signIn('a wrong password'); // as this browser, which is known by now
  for (const key of (await redis.command('KEYS', '*')) as string[]) {
    await redis.command('SET', key, 'text');
  }
  await expectOutage(service, visitor, 'REDIS_REPLY_UNEXPECTED');
});

test('a password that is missing or wrong', async () => {
  await redis.kill();
  await redis.start('--requirepass', 'the right word');
  const address = `127.0.0.1:${redis.port}`;
  for (const [url, cause] of [
    [`redis://${address}`, 'REDIS_PASSWORD_MISSING'],
    [`redis://:hunter2canary@${address}`, 'REDIS_PASSWORD_WRONG'],
    [`redis://somebody:hunter2canary@${address}`, 'REDIS_PASSWORD_WRONG'],
    [`redis://:the%20right%20word@${address}/999`, 'REDIS_DATABASE_MISSING'],
  ] as const) {
    const other = await startTestService({ testDatabase, env: { REDIS_URL: url } });
    const answer = await new Visitor(other).signIn();
    expect([answer.status, answer.json]).toMatchObject([503, { code: 'LIMITS_UNAVAILABLE' }]);
    await other.logStartupReport();
    await other.logLine(({ code, variable }) => code === cause && variable === 'REDIS_URL');
    expect(other.logText()).not.toMatch(/hunter2|right.{0,3}word/);
    await other.stop();
  }
  const right = await startTestService({
    testDatabase,
    env: { REDIS_URL: `redis://:the%20right%20word@${address}/15` },
  });
  await signedUp(right);
  await right.stop();
});

test('a connection that a router has forgotten, reset or cut: the request is sent once more', async () => {
  const network = await createFaultyNetwork(redis.url);
  const other = await startTestService({ testDatabase, env: { REDIS_URL: network.url } });
  const visitor = await signedUp(other);
  network.cut();
  expect((await visitor.signIn()).status).toBe(200);
  network.cutSilently();
  await expectOutage(other, visitor, 'REDIS_TIMEOUT');
  await expectRecovery(visitor);
  await other.stop();
  await network.close();
});

test('guesses during an outage are all refused; those before it count after it', async () => {
  const visitor = await signedUp();
  for (let guess = 0; guess < 3; guess += 1) {
    expect((await visitor.signIn('a wrong password')).status).toBe(401);
  }
  redis.freeze();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => visitor.signIn('another wrong password')),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
  redis.thaw();
  expect((await visitor.signIn('a wrong password')).status).toBe(429);
});

test('the startup report names the server, and warns where it forgets', async () => {
  await service.logStartupReport();
  const startup = await service.logLine(({ msg }) => msg === 'startup');
  expect(startup.limits).toMatchObject({
    store: 'redis',
    host: `127.0.0.1:${redis.port}`,
    status: 'ok',
    serverVersion: expect.stringMatching(/^(?:redis|valkey) \d/) as string,
    evictionPolicy: 'noeviction',
  });
  await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
  const other = await startTestService({ testDatabase, env: { REDIS_URL: redis.url } });
  await other.logStartupReport();
  await other.logLine(({ code, level }) => code === 'REDIS_EVICTS' && level === 'warn');
  const ready = (await (await fetch(`${other.url}/ready`)).json()) as object;
  expect(ready).toMatchObject({ status: 'ready', checks: { limits: 'ok' } });
  await other.stop();
});

test('nothing of the limits is written to the database', async () => {
  await testDatabase.query('delete from rate_limit');
  const visitor = await signedUp();
  await visitor.signIn('a wrong password');
  const rows = await testDatabase.query<{ key: string }>('select key from rate_limit');
  expect(rows.map(({ key }) => key).filter((key) => !/^(?:sweep|mail)\|/.test(key))).toEqual([]);
});
