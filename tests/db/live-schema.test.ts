import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../src/db/client.js';
import { readExpectedSchema } from '../../src/db/expected-schema.js';
import { readLiveSchema } from '../../src/db/live-schema.js';
import { migrationsTableConfig, migrationsTable } from '../../src/db/migrations-table.js';
import { allTables } from '../../src/db/all-tables.js';
import { changedDatabase, dropChanged, look, signUp } from '../support/changed-database.js';
import { describeDatabase } from '../support/described-database.js';
import { schemaFaults } from '../support/schema-faults.js';
import { undoLastMigration } from '../support/last-migration.js';
import { spawnSource } from '../support/spawned.js';
import { createTestDatabase } from '../support/test-database.js';

let whole: Record<string, unknown>[];
beforeAll(async () => {
  const database = await createTestDatabase();
  whole = await describeDatabase(database);
  await database.drop();
});

afterAll(dropChanged);

/** Faults whose fix adds what is missing and leaves what is there in its place. */
const isFixedDifferently = /on another table|partial|on another column/;

test.each(schemaFaults)(
  '%s makes the service not ready; the reported statement restores the schema of the migrations',
  async (what, change, parts, statement) => {
    const database = await changedDatabase(change);
    const { answer, findings, log } = await look(database);
    expect(answer.status).toBe(503);
    expect(answer.json).toEqual({
      code: 'NOT_READY',
      message: 'The service is not ready.',
      checks: { database: 'ok', migrations: 'ok', schema: 'incomplete' },
      parts,
      requestId: answer.headers.get('x-request-id'),
    });
    expect(findings.map(({ level, code }) => `${level} ${code}`)).toEqual(
      parts.map(() => 'error SCHEMA_INCOMPLETE'),
    );
    expect(findings[0]?.fix).toBe(statement);
    const line = log.split('\n').find((text) => text.includes('"path":"/ready"')) ?? '';
    const logged = JSON.parse(line) as { differences: { statement: string }[] };
    expect(logged.differences.map((one) => one.statement)).toEqual(findings.map(({ fix }) => fix));

    for (const { fix } of findings) await database.query(fix);
    if (!isFixedDifferently.test(what)) expect(await describeDatabase(database)).toEqual(whole);
    const fixed = await look(database);
    expect(fixed.answer.status).toBe(200);
    expect(fixed.findings).toEqual([]);
    expect(await signUp(database)).toBe(200);
  },
);

test('an unknown NOT NULL column is reported; only the log names it', async () => {
  const database = await changedDatabase('alter table "user" add column tenant_zq7 text not null');
  expect(await signUp(database)).not.toBe(200);
  const { answer, findings } = await look(database);
  expect(answer.json).toMatchObject({ code: 'NOT_READY', parts: ['user'] });
  expect(answer.text).not.toContain('zq7');
  expect(findings).toMatchObject([
    { fix: 'ALTER TABLE "user" ALTER COLUMN "tenant_zq7" DROP NOT NULL' },
  ]);
  await database.query(findings[0]?.fix ?? '');
  expect((await look(database)).answer.status).toBe(200);
  expect(await signUp(database)).toBe(200);
});

test.each([
  ['a table of its own', 'create table of_another_application (id text)'],
  ['a column with a default', `alter table "user" add column plan text not null default 'free'`],
  ['an identity column', 'alter table session add column number int generated always as identity'],
  ['an index by another name', 'alter index session_user_id_idx rename to another_name'],
  [
    'a wider index in place of a narrow one',
    'drop index session_user_id_idx; create index wide on session (user_id, expires_at)',
  ],
  [
    'a unique index in place of a unique constraint',
    'alter table session drop constraint session_token_unique; create unique index u on session (token)',
  ],
  [
    'a foreign key with another name',
    'alter table session rename constraint session_user_id_user_id_fk to another_name',
  ],
  [
    'an equivalent default',
    'alter table session alter column created_at set default current_timestamp',
  ],
  [
    'an empty schema before public in the search path, like one named after the role',
    `create schema app; do $$ begin
      execute format('alter database %I set search_path = app, public', current_database());
    end $$`,
  ],
])('%s is accepted', async (_what, change) => {
  const { answer, findings } = await look(await changedDatabase(change));
  expect(findings).toEqual([]);
  expect(answer.status).toBe(200);
});

test('in a shared database only objects with our names are read', async () => {
  const { url } = await changedDatabase(`
    create table of_another_application (id text primary key);
    create schema other; create table other."user" (id text);
    drop index session_user_id_idx;
    create table with_our_name (id text); create index session_user_id_idx on with_our_name (id)`);
  const database = createDatabase({ url, onIdleError: () => undefined });
  const expected = readExpectedSchema(allTables);
  const names = (await readLiveSchema(database.orm, expected)).map(({ name }) => name);
  await database.close();
  expect(names.sort()).toEqual([...expected.map(({ name }) => name), 'with_our_name'].sort());
});

test('for a database created by drizzle-kit push, the finding contains the SQL that records the migrations', async () => {
  const database = await changedDatabase(
    `drop schema ${migrationsTableConfig.migrationsSchema} cascade`,
  );
  const { answer, findings } = await look(database);
  expect(answer.json).toMatchObject({ checks: { migrations: 'pending', schema: 'ok' } });
  expect(findings).toMatchObject([{ code: 'MIGRATIONS_PENDING' }]);
  await database.query(findings[0]?.fix ?? '');
  expect((await look(database)).findings).toEqual([]);
});

test('for a newer database with differences, the fix is first to deploy the newer build', async () => {
  const database = await changedDatabase(`
    insert into ${migrationsTable} (hash, created_at) values ('newer', 9000000000000);
    alter table session drop column user_agent`);
  const { answer, findings } = await look(database);
  expect(answer.status).toBe(503);
  expect(findings).toMatchObject([
    {
      code: 'SCHEMA_INCOMPLETE',
      fix: 'deploy the newer build; to stay with this one: ALTER TABLE "session" ADD COLUMN "user_agent" text',
    },
    { code: 'DATABASE_NEWER' },
  ]);
});

test('a database that lacks a migration is fixed by the reported command', async () => {
  const database = await changedDatabase(`
    delete from ${migrationsTable}
      where created_at = (select max(created_at) from ${migrationsTable});
    ${undoLastMigration}`);
  const { answer, findings } = await look(database);
  expect(answer.json).toMatchObject({ checks: { migrations: 'pending', schema: 'incomplete' } });
  expect(findings).toMatchObject([{ code: 'MIGRATIONS_PENDING', fix: 'run npm run db:migrate' }]);
  const command = spawnSource('db/migrate-command.ts', { DATABASE_URL: database.url });
  expect(await command.exit).toBe(0);
  expect((await look(database)).answer.status).toBe(200);
});
