/** The months of the audit trail: created ahead, dropped when they are over, and harmless where that is refused. */
import { randomBytes } from 'node:crypto';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { maintainAuditTrail } from '../../../src/features/audit/partitions.js';
import { startTestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

let database: TestDatabase;
let pool: pg.Pool;
beforeEach(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url });
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

const refused: string[] = [];
const maintain = (now: string, options: { days?: number; hasTime?: () => boolean } = {}) =>
  maintainAuditTrail(drizzle(pool), {
    now: new Date(now),
    days: 90,
    hasTime: () => true,
    onRefused: (fix) => void refused.push(fix),
    ...options,
  });

async function months(): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits
     where inhparent = 'audit_event'::regclass order by 1`,
  );
  return rows
    .map(({ name }) => name.replace('audit_event_', ''))
    .filter((name) => name !== 'default');
}

const insert = (at: string, count = 1) =>
  database.query(
    `insert into audit_event (id, at, kind, outcome, actor)
     select gen_random_uuid()::text, $1::timestamptz, 'sign_in', 'success', 'user'
     from generate_series(1, $2::int)`,
    [at, count],
  );

async function kept(table = 'audit_event'): Promise<number> {
  const rows = await database.query<{ count: number }>(
    `select count(*)::int as count from ${table}`,
  );
  return rows[0]?.count ?? 0;
}

test('the month and the next two are created, also across the end of a year, and once', async () => {
  await maintain('2031-11-30T23:59:59Z');
  const created = (await months()).filter((name) => name > '2031');
  expect(created).toEqual(['2031_11', '2031_12', '2032_01']);
  await maintain('2031-11-30T23:59:59Z');
  await insert('2031-11-30T23:59:59.999Z');
  await insert('2031-12-01T00:00:00Z');
  expect(await kept('audit_event_2031_11')).toBe(1);
  expect(await kept('audit_event_2031_12')).toBe(1);
});

test('a month is dropped once all of its events are too old; the one of the limit is kept', async () => {
  for (const now of ['2031-01-15T00:00:00Z', '2031-04-15T00:00:00Z'])
    await maintain(now, { days: 3650 });
  await insert('2031-01-31T23:59:59Z', 3);
  await insert('2031-02-10T00:00:00Z', 2_500);
  await insert('2031-02-20T00:00:00Z', 4);
  await database.query('analyze audit_event_2031_01');
  // 90 days before is 15 February.
  expect(await maintain('2031-05-16T00:00:00Z')).toBe(3 + 2_500);
  expect(await months()).not.toContain('2031_01');
  expect(await kept('audit_event_2031_02')).toBe(4);
});

test('a sweep without time deletes no batch, and the next one goes on', async () => {
  await maintain('2031-02-15T00:00:00Z');
  await insert('2031-02-10T00:00:00Z', 1_500);
  let batches = 1;
  await maintain('2031-05-16T00:00:00Z', { hasTime: () => (batches -= 1) >= 0 });
  expect(await kept()).toBe(500);
  await maintain('2031-05-16T00:00:00Z');
  expect(await kept()).toBe(0);
});

test('a month with events in the default partition is left to it', async () => {
  await insert('2031-03-10T00:00:00Z', 2);
  await maintain('2031-03-15T00:00:00Z');
  expect((await months()).filter((name) => name > '2031')).toEqual(['2031_04', '2031_05']);
  await insert('2031-03-20T00:00:00Z');
  expect(await kept('audit_event_default')).toBe(3);
  await maintain('2031-07-01T00:00:00Z');
  expect(await kept('audit_event_default')).toBe(0);
});

test('without any month, a sign-up and a sign-in succeed, and their events are in the default partition', async () => {
  for (const name of await months()) await database.query(`drop table audit_event_${name}`);
  const service = await startTestService({ testDatabase: database });
  try {
    const visitor = new Visitor(service);
    expect((await visitor.signUp()).status).toBe(200);
    expect((await visitor.signIn()).status).toBe(200);
    const kinds = await database.query(
      `select kind from audit_event_default where user_id is not null order by kind`,
    );
    expect(kinds.map(({ kind }) => kind)).toEqual(['sign_in', 'sign_in', 'sign_up']);
  } finally {
    await service.stop();
  }
});

test('events of a clock that is decades off are kept, and swept like others', async () => {
  await maintain('2031-03-15T00:00:00Z');
  await insert('1999-01-01T00:00:00Z');
  await insert('2071-01-01T00:00:00Z');
  expect(await kept('audit_event_default')).toBe(2);
  expect(await maintain('2031-03-15T00:00:00Z')).toBe(1);
  expect(await kept()).toBe(1);
});

test('a locked table: nothing fails, and the next sweep creates the months', async () => {
  const blocker = await pool.connect();
  await blocker.query('begin');
  await blocker.query('lock table audit_event in access share mode');
  await maintain('2031-03-15T00:00:00Z');
  expect((await months()).filter((name) => name > '2031')).toEqual([]);
  await blocker.query('rollback');
  blocker.release();
  await maintain('2031-03-15T00:00:00Z');
  expect((await months()).filter((name) => name > '2031')).toHaveLength(3);
}, 30_000);

test('a role that does not own the table: the sweep says what to change, and deletes old events nevertheless', async () => {
  const role = `limited_${randomBytes(6).toString('hex')}`;
  await maintain('2031-01-15T00:00:00Z');
  await database.query(
    `create role ${role} login password 'word';
     grant select, insert, update, delete on all tables in schema public to ${role}`,
  );
  await insert('2031-01-10T00:00:00Z', 3);
  await pool.end();
  const url = new URL(database.url);
  [url.username, url.password] = [role, 'word'];
  pool = new pg.Pool({ connectionString: url.href });
  refused.length = 0;
  expect(await maintain('2031-08-15T00:00:00Z')).toBe(3);
  expect(refused[0]).toContain('as the owner of the table audit_event');
  await pool.query(
    `insert into audit_event (id, at, kind, outcome, actor) values ('x', '2031-08-15', 'sign_in', 'success', 'user')`,
  );
  expect(await kept('audit_event_default')).toBe(1);
  await pool.end();
  pool = new pg.Pool({ connectionString: database.url });
  await database.query(`drop owned by ${role}; drop role ${role}`);
});
