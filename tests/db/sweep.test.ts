/** Expired rows are deleted in batches: after a response, once an hour across all instances. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectOnce } from '../../src/db/client.js';
import { spawnSource } from '../support/spawned.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let testDatabase: TestDatabase;
const services: TestService[] = [];
beforeEach(async () => {
  testDatabase = await createTestDatabase();
});
afterEach(async () => {
  for (const service of services.splice(0)) await service.stop();
  await testDatabase.drop();
});

async function start(options: Parameters<typeof startTestService>[0] = {}): Promise<TestService> {
  const service = await startTestService({ testDatabase, ...options });
  services.push(service);
  return service;
}

/** Inserts rows to be deleted, whose ids start with `due`, and rows to be kept, whose ids start with `kept`. */
async function fill(due: number): Promise<void> {
  await testDatabase.query(
    `insert into "user" (id, name, email) values ('u', 'A', 'a@example.com')`,
  );
  const session = `insert into session (id, token, user_id, expires_at)
    select $1 || n, $1 || n, 'u', now() + $2::interval from generate_series(1, $3::int) n`;
  await testDatabase.query(session, ['due', '-8 days', due]);
  await testDatabase.query(session, ['kept-expired', '-6 days', 3]);
  await testDatabase.query(session, ['kept-alive', '1 day', 3]);
  const verification = `insert into verification (id, identifier, value, expires_at)
    select $1 || n, 'x', 'x', now() + $2::interval from generate_series(1, $3::int) n`;
  await testDatabase.query(verification, ['due', '-2 days', due]);
  await testDatabase.query(verification, ['kept', '1 hour', 3]);
  const limit = `insert into rate_limit (id, key, count, last_request)
    select $1 || n, $4 || n, 1, (extract(epoch from now() + $2::interval) * 1000)::bigint
    from generate_series(1, $3::int) n`;
  await testDatabase.query(limit, ['due', '-2 days', due, '198.51.100.7|/sign-in/email']);
  await testDatabase.query(limit, ['due-ahead', '8 days', 3, '198.51.100.8|/sign-in/email']);
  await testDatabase.query(limit, ['due-mark', '-91 days', 3, 'known|']);
  await testDatabase.query(limit, ['kept-mark', '-30 days', 3, 'known|2']);
  await testDatabase.query(limit, ['kept', '-1 hour', 3, '198.51.100.9|/sign-in/email']);
}

async function leftOf(table: string, kind: 'due' | 'kept'): Promise<number> {
  const counted = `select count(*)::int as n from ${table} where id like $1`;
  const [row] = await testDatabase.query<{ n: number }>(counted, [`${kind}%`]);
  return row?.n ?? NaN;
}

async function expectSwept(): Promise<void> {
  for (const table of ['session', 'verification', 'rate_limit']) {
    expect(await leftOf(table, 'due'), table).toBe(0);
  }
  expect(await leftOf('session', 'kept')).toBe(6);
  expect(await leftOf('verification', 'kept')).toBe(3);
  expect(await leftOf('rate_limit', 'kept')).toBe(6);
}

const swept = (service: TestService) => service.logLine(({ msg }) => msg === 'swept');

test('after a response, several batches of expired rows are deleted and the others kept', async () => {
  await fill(2_500);
  const token = 'Vt3kQ0aZs9LmXw2yBn7cRf5dHj8gPe4u';
  const service = await start({ env: { DIAGNOSTICS_TOKEN: token } });
  expect((await new Visitor(service).ask('/session')).status).toBe(401);
  const line = await swept(service);
  expect(line).toMatchObject({
    level: 'info',
    swept: { session: 2_500, verification: 2_500, rate_limit: 2_506 },
  });
  await expectSwept();
  const metrics = await new Visitor(service).ask('/metrics', {
    headers: { 'x-diagnostics-token': token },
  });
  for (const [table, rows] of Object.entries(line.swept as Record<string, number>)) {
    expect(metrics.text).toContain(`auth_swept_rows_total{table="${table}"} ${rows}`);
  }
});

test('an expired session has the same reason before and after its row is deleted', async () => {
  const service = await start();
  const visitor = new Visitor(service);
  await visitor.signUp();
  const reason = async () => (await visitor.ask('/session')).headers.get('x-session-reason');
  const expire = (days: number) =>
    testDatabase.query(`update session set expires_at = now() - make_interval(days => ${days})`);
  await swept(service);
  await expire(6);
  expect(await spawnSource('db/sweep-command.ts', { DATABASE_URL: testDatabase.url }).exit).toBe(0);
  expect(await reason()).toBe('session_idle');
  await expire(8);
  expect(await spawnSource('db/sweep-command.ts', { DATABASE_URL: testDatabase.url }).exit).toBe(0);
  expect(await testDatabase.query('select id from session')).toEqual([]);
  expect(await reason()).toBe('session_idle');
  await testDatabase.query(`update ended_session set expires_at = now() - interval '1 second'`);
  expect(await spawnSource('db/sweep-command.ts', { DATABASE_URL: testDatabase.url }).exit).toBe(0);
  expect(await reason()).toBe('session_not_found');
});

test('of several instances, any one sweeps once per hour', async () => {
  await fill(10);
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  const instances = await Promise.all([start({ now }), start({ now }), start({ now })]);
  const ask = () => Promise.all(instances.map((one) => new Visitor(one).ask('/session')));
  const lines = () =>
    instances.flatMap((one) => one.logLines()).filter(({ msg }) => msg === 'swept');
  await ask();
  await expect.poll(() => lines().length, { timeout: 60_000 }).toBe(1);
  await expectSwept();
  ahead = 3_700_000; // the instances try again, but by the database's clock the hour is not over
  await ask();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(lines()).toHaveLength(1);
  await testDatabase.query(
    `update rate_limit set last_request = last_request - 3600000 where key = 'sweep|automatic'`,
  );
  ahead = 7_400_000;
  await ask();
  await expect.poll(() => lines().length, { timeout: 60_000 }).toBe(2);
});

test('the sweep is passed to the platform’s waitUntil, so that the process is not suspended', async () => {
  await fill(10);
  const kept: Promise<unknown>[] = [];
  const service = await start({ waitUntil: (work) => void kept.push(work) });
  await new Visitor(service).ask('/session');
  expect(kept.length).toBeGreaterThan(0);
  await Promise.all(kept);
  await expectSwept();
});

test('health probes do not trigger a sweep', async () => {
  await fill(10);
  const service = await start();
  await new Visitor(service).ask('/health');
  await service.logStartupReport();
  await new Visitor(service).ask('/health');
  expect(service.logLines().filter(({ msg }) => msg === 'swept')).toEqual([]);
  expect(await leftOf('session', 'due')).toBe(10);
});

test('locked rows are skipped without waiting', async () => {
  await fill(10);
  const holder = await connectOnce(testDatabase.url);
  await holder.query(`begin; select from session where id = 'due1' for update`);
  const command = spawnSource('db/sweep-command.ts', { DATABASE_URL: testDatabase.url });
  expect(await command.exit).toBe(0);
  expect(await leftOf('session', 'due')).toBe(1);
  await holder.end();
});

test('a failed sweep is logged as a warning and fails no request', async () => {
  await testDatabase.query(`create function refuse() returns trigger language plpgsql
    as 'begin raise exception ''no''; end';
    create trigger refuse before insert on rate_limit for each row execute function refuse()`);
  const service = await start();
  expect((await new Visitor(service).ask('/session')).status).toBe(401);
  const line = await service.logLine(({ msg }) => msg.startsWith('sweep failed'));
  expect(line).toMatchObject({
    level: 'warn',
    fix: expect.stringContaining('npm run sweep') as string,
  });
  expect((await new Visitor(service).ask('/session')).status).toBe(401);
});

test('npm run sweep deletes all expired rows, prints how many, and finds none on a second run', async () => {
  await fill(1_500);
  const sweep = async () => {
    const command = spawnSource('db/sweep-command.ts', { DATABASE_URL: testDatabase.url });
    expect(await command.exit).toBe(0);
    return command.stdout();
  };
  expect(await sweep()).toBe(
    'deleted rows: session 1500, verification 1500, rate_limit 1506, mailed_link 0, user 0, ended_session 0, mail_outbox 0, passkey_challenge 0, replica_heartbeat 0, redirect_flow 0, known_device 0, webhook_delivery 0, audit_event 0\n',
  );
  await expectSwept();
  expect(await sweep()).toBe(
    'deleted rows: session 0, verification 0, rate_limit 0, mailed_link 0, user 0, ended_session 0, mail_outbox 0, passkey_challenge 0, replica_heartbeat 0, redirect_flow 0, known_device 0, webhook_delivery 0, audit_event 0\n',
  );
});

test.each([
  ['no URL', '', /^DATABASE_URL is not set/],
  [
    'no server',
    'postgresql://someone:hunter2@127.0.0.1:1/auth',
    /^sweep incomplete: .*ECONNREFUSED/,
  ],
])(
  'npm run sweep with %s reports it in one line, without the password',
  async (_, url, sentence) => {
    const command = spawnSource('db/sweep-command.ts', { DATABASE_URL: url });
    expect(await command.exit).toBe(1);
    expect(command.stderr()).toMatch(sentence);
    expect(command.stderr()).not.toContain('hunter2');
  },
);

test('the sweep uses an index, even with many rows to keep', async () => {
  await fill(10);
  await testDatabase.query(`insert into session (id, token, user_id, expires_at)
    select 'kept' || n, 'kept' || n, 'u', now() + interval '1 day' from generate_series(10, 20000) n`);
  await testDatabase.query('analyze session');
  const plan = await testDatabase.query<{ 'QUERY PLAN': string }>(
    `explain select id from session where expires_at < now() - interval '7 days' limit 1000 for update skip locked`,
  );
  expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('session_expires_at_idx');
});

test('sessions that are valid by the service’s clock are kept, even if expired by the database’s', async () => {
  await fill(10);
  const service = await start({ now: () => new Date(Date.now() - 30 * 86_400_000) });
  expect((await new Visitor(service).ask('/session')).status).toBe(401);
  expect(await swept(service)).toMatchObject({ swept: { session: 0, verification: 0 } });
  expect(await leftOf('session', 'due')).toBe(10);
});

test('sessions that are valid by the database’s clock are kept, even if expired by the service’s', async () => {
  await fill(10);
  const service = await start({ now: () => new Date(Date.now() + 30 * 86_400_000) });
  expect((await new Visitor(service).ask('/session')).status).toBe(401);
  expect(await swept(service)).toMatchObject({ swept: { session: 10, verification: 10 } });
  expect(await leftOf('session', 'kept')).toBe(6);
});
