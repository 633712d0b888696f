/** A role without the privileges the service needs, on a complete database: findings name the missing privilege. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readExpectedSchema } from '../../src/db/expected-schema.js';
import { migrationsTableConfig, migrationsTable } from '../../src/db/migrations-table.js';
import { allTables } from '../../src/db/all-tables.js';
import { changedDatabase, dropChanged, look, signUp } from '../support/changed-database.js';
import type { TestDatabase } from '../support/test-database.js';
import { startTestService } from '../support/test-service.js';
import { expectUnavailable } from '../support/unavailable.js';
import { Visitor } from '../support/visitor.js';

const tables = readExpectedSchema(allTables)
  .map(({ name }) => name)
  .sort();

const role = `limited_${randomBytes(6).toString('hex')}`;
const asRole = (database: TestDatabase): TestDatabase => {
  const url = new URL(database.url);
  [url.username, url.password] = [role, 'word'];
  return { ...database, url: url.href };
};
const everything = `grant select, insert, update, delete on all tables in schema public to ${role}`;
const recorded = `grant usage on schema ${migrationsTableConfig.migrationsSchema} to ${role}; grant select on ${migrationsTable} to ${role}`;
let database: TestDatabase;
beforeAll(async () => {
  database = await changedDatabase(`create role ${role} login password 'word'`);
});
afterAll(async () => {
  await database.query(`drop owned by ${role}; drop role ${role}`);
  await dropChanged();
});

test('a role that may not read the migrations table is reported as DATABASE_ROLE_LIMITED, not as an outage', async () => {
  await database.query(everything);
  const { findings } = await look(asRole(database));
  expect(findings).toMatchObject([{ level: 'error', code: 'DATABASE_ROLE_LIMITED' }]);
  const service = await startTestService({ testDatabase: asRole(database) });
  await new Visitor(service).ask('/ready');
  const line = await service.logLine(({ msg }) => msg === 'database unavailable');
  await service.stop();
  expect(line).toMatchObject({ code: 'DATABASE_ROLE_LIMITED', fix: findings[0]?.fix });
  const fix = (findings[0]?.fix ?? '')
    .replace(/^.*as its owner, run /, '')
    .replaceAll('the role', role);
  await database.query(fix);
  expect(await look(asRole(database))).toMatchObject({ answer: { status: 200 }, findings: [] });
});

test.each([
  ['read, insert into, update or delete from', 'all'],
  ['insert into or update', 'insert, update'],
  ['read', 'select'],
  ['insert into', 'insert'],
  ['update', 'update'],
  ['delete from', 'delete'],
])('a role that may not %s a table is reported with the GRANT statement', async (verbs, right) => {
  await database.query(`${everything}; ${recorded}; revoke ${right} on session from ${role}`);
  const { answer, findings } = await look(asRole(database));
  expect(answer.json).toMatchObject({ code: 'NOT_READY', parts: ['session'] });
  expect(answer.text).not.toContain(role);
  expect(findings).toMatchObject([
    {
      message: `points to a database where the role ${role} may not ${verbs} the table session`,
      fix: `GRANT SELECT, INSERT, UPDATE, DELETE ON "session" TO ${role}`,
    },
  ]);
  await database.query(findings[0]?.fix ?? '');
  expect((await look(asRole(database))).answer.status).toBe(200);
  expect(await signUp(asRole(database))).toBe(200);
});

test('privileges come before columns, so that fixes work in the given order', async () => {
  await database.query(`${everything}; ${recorded}; revoke select on verification from ${role};
    alter table session drop column user_agent`);
  const { findings } = await look(asRole(database));
  expect(findings.map(({ fix }) => fix)).toEqual([
    `GRANT SELECT, INSERT, UPDATE, DELETE ON "verification" TO ${role}`,
    'ALTER TABLE "session" ADD COLUMN "user_agent" text',
  ]);
  for (const { fix } of findings) await database.query(fix);
  expect(await look(asRole(database))).toMatchObject({ answer: { status: 200 }, findings: [] });
});

test('a role that may not use the tables’ schema is reported as such, not as missing tables', async () => {
  await database.query(`${everything}; ${recorded};
    revoke usage on schema public from public; revoke delete on session from ${role}`);
  const { answer, findings } = await look(asRole(database));
  expect([...(answer.json?.parts as string[])].sort()).toEqual(tables);
  const where = (table: string) => `the schema public, which contains the table ${table}`;
  expect(findings).toContainEqual({
    level: 'error',
    code: 'SCHEMA_INCOMPLETE',
    variable: 'DATABASE_URL',
    message: `points to a database where the role ${role} may not use ${where('account')}`,
    fix: `GRANT USAGE ON SCHEMA public TO ${role}`,
  });
  expect([...new Set(findings.map(({ fix }) => fix))].sort()).toEqual([
    `GRANT SELECT, INSERT, UPDATE, DELETE ON "session" TO ${role}`,
    `GRANT USAGE ON SCHEMA public TO ${role}`,
  ]);
  for (const { fix } of findings) await database.query(fix);
  expect(await look(asRole(database))).toMatchObject({ answer: { status: 200 }, findings: [] });
  expect(await signUp(asRole(database))).toBe(200);
});

test('a role that may not use one schema of the search path is ready if the tables are in another', async () => {
  await database.query(`${everything}; ${recorded};
    create schema shut; create table shut.session (id text);
    alter role ${role} set search_path = shut, public`);
  expect(await look(asRole(database))).toMatchObject({ answer: { status: 200 }, findings: [] });
  await database.query(`drop schema shut cascade; alter role ${role} reset search_path`);
});

test.each(['enable', 'force'])(
  'a role that sees no rows, because row level security is %sd without a policy, is reported',
  async (how) => {
    await database.query(`${everything}; ${recorded};
      alter table session enable row level security; alter table session ${how} row level security`);
    const { answer, findings } = await look(asRole(database));
    expect(answer.json).toMatchObject({ code: 'NOT_READY', parts: ['session'] });
    expect(answer.text).not.toContain(role);
    const why = 'row level security is enabled and there is no policy';
    expect(findings).toMatchObject([
      {
        code: 'SCHEMA_INCOMPLETE',
        message: `points to a database where the role ${role} sees no rows of the table session: ${why}`,
        fix: 'ALTER TABLE "session" DISABLE ROW LEVEL SECURITY',
      },
    ]);
    await database.query(findings[0]?.fix ?? '');
    expect((await look(asRole(database))).answer.status).toBe(200);
    expect(await signUp(asRole(database))).toBe(200);
  },
);

test.each([
  ['may not write', `revoke insert on session from ${role}`, ''],
  [
    'is denied by row level security',
    'alter table session enable row level security',
    'alter table session disable row level security',
  ],
])(
  'a role that %s is reported by the failing request as DATABASE_ROLE_LIMITED, not as an outage',
  async (_what, change, undo) => {
    await database.query(`${everything}; ${recorded}; ${change}`);
    const service = await startTestService({ testDatabase: asRole(database) });
    expectUnavailable(await new Visitor(service).signUp());
    const line = await service.logLine(({ msg }) => msg === 'database unavailable');
    await service.stop();
    expect(line).toMatchObject({
      level: 'error',
      code: 'DATABASE_ROLE_LIMITED',
      variable: 'DATABASE_URL',
    });
    expect(line.fix).toContain('the statement in the log line of /ready');
    await database.query(undo);
  },
);

test('a role admitted by a row level security policy is ready', async () => {
  await database.query(`${everything}; ${recorded};
    alter table session enable row level security;
    create policy everything on session to ${role} using (true)`);
  expect(await look(asRole(database))).toMatchObject({ answer: { status: 200 }, findings: [] });
  expect(await signUp(asRole(database))).toBe(200);
  await database.query(
    'drop policy everything on session; alter table session disable row level security',
  );
});
