/**
 * Database failures at run time are logged with their cause, one line per request, and never reported as "signed out".
 */
import { afterEach, describe, expect, test } from 'vitest';
import type { FaultyNetwork } from '../support/faulty-network.js';
import type { TestDatabase } from '../support/test-database.js';
import {
  startTestService,
  type LogLine,
  type TestService,
  type TestServiceOptions,
} from '../support/test-service.js';
import { databaseRoutes, expectUnavailable } from '../support/unavailable.js';
import { until } from '../support/until.js';
import { useFaultyDatabase } from '../support/use-service.js';
import { Visitor, type Answer } from '../support/visitor.js';

let testDatabase: TestDatabase;
let network: FaultyNetwork;
let service: TestService;
let visitor: Visitor;
useFaultyDatabase((started) => ({ testDatabase, network } = started), 'test');
afterEach(async () => {
  await network.heal(); // the service does not wait for a frozen network while it stops
  await service.stop();
});

async function start(options: TestServiceOptions = {}): Promise<void> {
  service = await startTestService({
    testDatabase,
    ...options,
    env: { DATABASE_URL: network.url, ...options.env },
  });
  visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  await service.logStartupReport();
}

async function linesOf(answer: Answer): Promise<LogLine[]> {
  const id = answer.headers.get('x-request-id');
  await service.logLine(({ msg, requestId }) => msg === 'request' && requestId === id);
  return service.logLines().filter(({ requestId }) => requestId === id);
}

/** Adds a trigger that raises this SQLSTATE on every write to the table. */
function raiseOnWrite(table: string, state: string): Promise<unknown> {
  return testDatabase.query(`
    create function fail_${state}() returns trigger language plpgsql
      as $$ begin raise exception 'no' using errcode = '${state}'; end $$;
    create trigger fail before insert or update on ${table} execute function fail_${state}()`);
}

test.each([
  ['53100', 'DATABASE_DISK_FULL'],
  ['53200', 'DATABASE_OUT_OF_MEMORY'],
  ['25006', 'DATABASE_READ_ONLY'],
  ['57014', 'DATABASE_STATEMENT_TIMEOUT'],
  ['55P03', 'DATABASE_LOCKED'],
  ['40P01', 'DATABASE_CONFLICT'],
  ['58030', 'DATABASE_DAMAGED'],
])('a sign-in that fails with SQLSTATE %s returns 503 and is logged as %s', async (state, code) => {
  await start();
  await raiseOnWrite('session', state);
  const answer = await visitor.signIn();
  expectUnavailable(answer);
  const lines = await linesOf(answer);
  expect(lines.find(({ msg }) => msg === 'request')).toMatchObject({
    level: 'error',
    code: 'DATABASE_UNAVAILABLE',
    cause: code,
    variable: 'DATABASE_URL',
    fix: expect.stringMatching(/\w{3}/) as string,
    outcome: 'unavailable',
  });
});

test('a statement cancelled by the role’s statement_timeout is logged as such, with the statement to raise it', async () => {
  await start();
  await testDatabase.query(`alter database ${testDatabase.name} set statement_timeout = '300ms'`);
  network.cut(); // new connections have the new setting
  await testDatabase.query(`create function slow() returns trigger language plpgsql
    as $$ begin perform pg_sleep(3); return new; end $$;
    create trigger slow before insert on session for each row execute function slow()`);
  const answer = await until(async () => {
    const tried = await new Visitor(service).signUp();
    return tried.status === 503 && tried;
  });
  const line = (await linesOf(answer)).find(({ msg }) => msg === 'request');
  expect(line).toMatchObject({ cause: 'DATABASE_STATEMENT_TIMEOUT' });
  expect(line?.fix).toContain('ALTER ROLE');
});

test('during an outage each request has one log line, and only one of them has the stack', async () => {
  await start();
  await network.goDown();
  const checks = Array.from({ length: 20 }, () => visitor.ask('/session'));
  const others = Object.values(databaseRoutes).map((ask) => ask(visitor));
  const answers = await Promise.all([...checks, ...others]);
  const all = [];
  for (const answer of answers) {
    expectUnavailable(answer);
    all.push(await linesOf(answer));
  }
  const stacks = service
    .logLines()
    .filter((line) => line.requestId !== undefined && JSON.stringify(line).includes('"stack"'));
  expect(stacks.map(({ msg }) => msg)).toEqual(['database unavailable']);
  for (const lines of all) {
    expect(lines.filter(({ msg }) => msg !== 'database unavailable')).toMatchObject([
      { msg: 'request', level: 'error', cause: 'DATABASE_UNREACHABLE', variable: 'DATABASE_URL' },
    ]);
  }
});

describe('a server that accepts connections and does not respond', () => {
  test('is logged as unresponsive, not as unreachable, also for requests that are already waiting', async () => {
    await start({ databaseTimeouts: { connectTimeoutMs: 1_500, queryTimeoutMs: 1_000 } });
    network.freeze();
    // A recently used connection is not pinged: its statement times out.
    await visitor.ask('/session');
    await until(() => service.pool.totalCount === 0);
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => visitor.ask('/api/auth/list-sessions')),
    );
    const codes = [];
    for (const answer of answers) {
      expectUnavailable(answer);
      codes.push((await linesOf(answer)).find(({ msg }) => msg === 'request')?.cause);
    }
    expect(new Set(codes)).toEqual(new Set(['DATABASE_NOT_ANSWERING']));
    await network.heal();
    await until(async () => (await visitor.ask('/session')).status === 200);
    await network.goDown();
    const answer = await visitor.ask('/session');
    const line = (await linesOf(answer)).find(({ msg }) => msg === 'request');
    expect(line?.cause).toBe('DATABASE_UNREACHABLE');
  });

  test('delays /ready by at most two seconds, also for concurrent requests', async () => {
    await start();
    network.freeze();
    const startedAt = performance.now();
    const answers = await Promise.all(Array.from({ length: 20 }, () => visitor.ask('/ready')));
    // A recent result may be cached: only later requests wait.
    const [last] = await Promise.all([
      until(async () => {
        const since = performance.now();
        const answer = await visitor.ask('/ready');
        return answer.status === 503 && { answer, elapsedMs: performance.now() - since };
      }),
    ]);
    expect(last.answer.json).toMatchObject({
      code: 'NOT_READY',
      checks: { database: 'unavailable' },
    });
    expect(last.elapsedMs).toBeLessThan(2_500); // 1.5 s plus slack for a busy machine
    for (const { status } of answers) expect([200, 503]).toContain(status);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });
});

test('a read-only database is not ready, is logged as such, and signs no user out', async () => {
  await start();
  await testDatabase.query(
    `alter database ${testDatabase.name} set default_transaction_read_only = on`,
  );
  network.cut();
  const answer = await until(async () => {
    const ready = await visitor.ask('/ready');
    return ready.status === 503 && ready;
  });
  expect(answer.json).toMatchObject({ code: 'NOT_READY', checks: { database: 'read-only' } });
  const [line] = (await linesOf(answer)).filter(({ msg }) => msg === 'request');
  expect(line).toMatchObject({ cause: 'DATABASE_READ_ONLY' });
  expect((await visitor.ask('/session')).headers.get('x-session-reason')).toBe('valid');
  const signIn = await new Visitor(service).signUp();
  expectUnavailable(signIn);
  const [logged] = (await linesOf(signIn)).filter(({ msg }) => msg === 'request');
  expect(logged).toMatchObject({ cause: 'DATABASE_READ_ONLY' });
});

describe('a session check whose connection is lost', () => {
  /** Like a restart: the server sends 57P01 to all clients and accepts new connections. */
  const terminateAll = () =>
    testDatabase.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'auth-service' and datname = current_database()`);

  test('is retried once and succeeds', async () => {
    await start();
    network.cutOnce('left join "user"');
    for (const path of ['/session', '/api/auth/get-session']) {
      const answer = await visitor.ask(path);
      expect(answer.headers.get('x-session-reason')).toBe('valid');
      network.cutOnce('left join "user"');
    }
  });

  test('succeeds while the server repeatedly closes all connections', async () => {
    await start();
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(Array.from({ length: 10 }, () => visitor.ask('/session')));
      await terminateAll();
      const answers = await Promise.all(Array.from({ length: 10 }, () => visitor.ask('/session')));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    }
  });

  test('returns 503 if the connection is lost again', async () => {
    await start();
    network.cutWhenSent('left join "user"');
    expectUnavailable(await visitor.ask('/session'));
  });

  test('writes are not retried', async () => {
    await start();
    network.cutOnce('insert into "session"');
    const answer = await new Visitor(service).signUp();
    expectUnavailable(answer);
  });
});
