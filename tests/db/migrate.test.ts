import { drizzle } from 'drizzle-orm/node-postgres';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectOnce } from '../../src/db/client.js';
import { migrateDatabase } from '../../src/db/migrate.js';
import { importDrizzleMigrations, readMigrations } from '../../src/db/migrations.js';
import { migrationsTableConfig, migrationsTable } from '../../src/db/migrations-table.js';
import { createFaultyNetwork } from '../support/faulty-network.js';
import { undoLastMigration } from '../support/last-migration.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let testDatabase: TestDatabase;
beforeEach(async () => {
  testDatabase = await createTestDatabase({ empty: true });
});
afterEach(() => testDatabase.drop());

const tags = readMigrations().map(({ tag }) => tag);
const [migrator, otherApp] = ['migrator', 'other'].map(
  (name) => `${name}_${randomBytes(6).toString('hex')}`,
) as [string, string];

/** Migrates; returns the applied tags and the progress messages. */
async function migrate(url = testDatabase.url, retryForMs?: number) {
  const progress: string[] = [];
  const onProgress = (sentence: string) => progress.push(sentence);
  const applied = await migrateDatabase({ url, onProgress, ...(retryForMs && { retryForMs }) });
  return { applied, progress };
}

async function countApplied(): Promise<number> {
  return (await testDatabase.query(`select 1 from ${migrationsTable}`)).length;
}

test('an empty database is migrated and then serves; a second run finds nothing to do', async () => {
  expect(await migrate()).toEqual({ applied: tags, progress: [`applied ${tags.join(', ')}`] });
  const service = await startTestService({ testDatabase });
  const visitor = new Visitor(service);
  expect((await visitor.ask('/ready')).status).toBe(200);
  expect((await visitor.signUp()).status).toBe(200);
  await service.stop();
  expect(await migrate()).toEqual({ applied: [], progress: ['the database is up to date'] });
  expect(await countApplied()).toBe(tags.length);
});

test('concurrent runs do not collide: one applies, the others wait and find nothing to do', async () => {
  const runs = await Promise.all([migrate(), migrate(), migrate(), migrate()]);
  expect(runs.flatMap(({ applied }) => applied)).toEqual(tags);
  expect(await countApplied()).toBe(tags.length);
  const waited = runs.filter(({ applied }) => applied.length === 0);
  for (const { progress } of waited) expect(progress.at(-1)).toBe('the database is up to date');
});

test('a migration that fails halfway leaves nothing behind, and succeeds once the cause is gone', async () => {
  // The last statements of the first migration need this name.
  await testDatabase.query('create table verification_identifier_idx ()');
  await expect(migrate()).rejects.toThrow();
  const tables = `select tablename from pg_tables where schemaname = 'public'`;
  expect(await testDatabase.query(tables)).toEqual([{ tablename: 'verification_identifier_idx' }]);
  await testDatabase.query('drop table verification_identifier_idx');
  expect((await migrate()).applied).toEqual(tags);
});

/** Creates Drizzle's default migrations table, as used by another app in the same database. */
const createDefaultTable = (rows: string) => `create schema drizzle;
  create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
  insert into drizzle.__drizzle_migrations (hash, created_at) ${rows}`;

test('newer migrations of another Drizzle app in the same database do not hide ours', async () => {
  await testDatabase.query(createDefaultTable(`values ('of-another-app', 9000000000000)`));
  expect((await migrate()).applied).toEqual(tags);
  const service = await startTestService({ testDatabase });
  expect((await new Visitor(service).ask('/ready')).status).toBe(200);
  await service.stop();
});

test.each([
  ['owned by another role', ''],
  [
    'owned by another role, with USAGE granted to ours',
    `grant usage on schema drizzle to ${migrator};`,
  ],
])('a schema drizzle that is %s does not prevent migrations', async (_what, grant) => {
  const roles = [migrator, otherApp].map((role) => `create role ${role} login password 'word'`);
  await testDatabase.query(`${roles.join('; ')}; grant create on schema public to ${migrator};
    ${createDefaultTable(`values ('of-another-app', 9000000000000)`)};
    alter schema drizzle owner to ${otherApp};
    alter table drizzle.__drizzle_migrations owner to ${otherApp};
    ${grant}
    do $$ begin
      execute format('grant create on database %I to ${migrator}', current_database());
    end $$`);
  const url = new URL(testDatabase.url);
  [url.username, url.password] = [migrator, 'word'];
  expect((await migrate(url.href)).applied).toEqual(tags);
  expect((await migrate(url.href)).applied).toEqual([]);
  const env = { DATABASE_URL: url.href };
  const service = await startTestService({ testDatabase, env });
  expect((await new Visitor(service).ask('/ready')).status).toBe(200);
  await service.stop();
  for (const role of [migrator, otherApp])
    await testDatabase.query(`drop owned by ${role} cascade; drop role ${role}`);
});

test('a role named like the service still creates its tables in public', async () => {
  const role = 'auth_service';
  await testDatabase.query(`create role ${role} superuser login password 'word'`);
  const url = new URL(testDatabase.url);
  [url.username, url.password] = [role, 'word'];
  expect((await migrate(url.href)).applied).toEqual(tags);
  const service = await startTestService({ testDatabase, env: { DATABASE_URL: url.href } });
  expect((await new Visitor(service).ask('/ready')).status).toBe(200);
  await service.stop();
  await testDatabase.query(`drop owned by ${role} cascade`);
  await testDatabase.query(`drop role ${role}`);
});

/** Migrates like an earlier build: the rows are in Drizzle's default table, together with another app's. */
async function migrateLikeEarlierBuild(options: { hash: string; where: string }): Promise<void> {
  await migrate();
  await testDatabase.query(
    createDefaultTable(`select ${options.hash}, created_at from ${migrationsTable} where ${options.where}
      union all values ('of-another-app', 9000000000000)`),
  );
  await testDatabase.query(`drop schema ${migrationsTableConfig.migrationsSchema} cascade`);
}

test.each([
  ['with its hashes', 'hash'],
  ['with the hashes of other line endings', `'of-other-line-ends'`],
])(
  'a database with rows in Drizzle’s default table %s continues from there',
  async (_what, hash) => {
    const [last] = readMigrations().slice(-1);
    await migrateLikeEarlierBuild({ hash, where: `created_at < ${last?.when}` });
    await testDatabase.query(undoLastMigration);
    expect((await migrate()).applied).toEqual([last?.tag]);
    expect(await countApplied()).toBe(tags.length);
  },
);

test('a run that found nothing to import does not prevent a later import', async () => {
  await migrateLikeEarlierBuild({ hash: 'hash', where: 'true' });
  await testDatabase.query('alter schema drizzle rename to hidden');
  await expect(migrate()).rejects.toThrow(); // the tables already exist
  await testDatabase.query('alter schema hidden rename to drizzle');
  expect((await migrate()).applied).toEqual([]);
  expect(await countApplied()).toBe(tags.length);
});

test('without rows to import, no migrations table is created', async () => {
  await testDatabase.query(createDefaultTable(`values ('of-another-app', 9000000000000)`));
  const client = await connectOnce(testDatabase.url);
  await importDrizzleMigrations(drizzle(client));
  await client.end();
  const schemas = 'select 1 from pg_namespace where nspname = $1';
  expect(await testDatabase.query(schemas, [migrationsTableConfig.migrationsSchema])).toEqual([]);
});

test('docs/live-database.md names the migrations table', () => {
  const page = readFileSync(new URL('../../docs/live-database.md', import.meta.url), 'utf8');
  expect(page).toContain(`\`${migrationsTable}\``);
});

test('retries until the database accepts connections', async () => {
  const network = await createFaultyNetwork(testDatabase.url);
  await network.goDown();
  let onReport: () => void = () => undefined;
  const reported = new Promise<void>((resolve) => (onReport = resolve));
  const progress: string[] = [];
  const onProgress = (sentence: string) => {
    progress.push(sentence);
    onReport();
  };
  const migrating = migrateDatabase({ url: network.url, onProgress });
  await reported;
  await network.heal();
  expect(await migrating).toEqual(tags);
  expect(progress).toEqual([
    'waiting for the database to accept connections',
    `applied ${tags.join(', ')}`,
  ]);
  await network.close();
});

test('gives up on an unavailable database after retryForMs', async () => {
  const network = await createFaultyNetwork(testDatabase.url);
  await network.goDown();
  const startedAt = performance.now();
  await expect(migrate(network.url, 700)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(performance.now() - startedAt).toBeGreaterThan(700);
  expect(performance.now() - startedAt).toBeLessThan(60_000);
});

test.each([
  ['a wrong password', (url: URL) => (url.password = 'wrong'), '28P01'],
  ['a database that does not exist', (url: URL) => (url.pathname = 'nowhere'), '3D000'],
])('%s fails immediately without retries', async (_what, breakUrl, code) => {
  const url = new URL(testDatabase.url);
  breakUrl(url);
  const startedAt = performance.now();
  await expect(migrate(url.href)).rejects.toMatchObject({ code });
  expect(performance.now() - startedAt).toBeLessThan(60_000);
});
