import { afterEach, beforeEach, expect, test } from 'vitest';
import { readMigrations } from '../../src/db/migrations.js';
import { migrationsTable } from '../../src/db/migrations-table.js';
import { findingCodes } from '../support/configuration.js';
import { spawnSource } from '../support/spawned.js';
import { undoLastMigration } from '../support/last-migration.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let testDatabase: TestDatabase;
afterEach(() => testDatabase.drop());
beforeEach(async () => {
  testDatabase = await createTestDatabase({ empty: true });
});

const tags = readMigrations().map(({ tag }) => tag);
const undeclared = 'a preview build only migrates with MIGRATE_IN_PREVIEW=on, which declares that';

async function migrate(env: Record<string, string>) {
  const command = spawnSource('db/migrate-command.ts', {
    DATABASE_URL: testDatabase.url,
    ...env,
  });
  const code = await command.exit;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}

const inPreview = { VERCEL_ENV: 'preview', MIGRATE_IN_PREVIEW: 'on' };
const countApplied = async () =>
  (await testDatabase.query(`select 1 from ${migrationsTable}`)).length;

/** Starts a deployment, signs up a user and stops it. @returns the findings of its startup report */
async function deploy(env: Record<string, string>) {
  const service = await startTestService({ testDatabase, env });
  await service.logStartupReport();
  expect((await new Visitor(service).signUp()).status).toBe(200);
  await service.stop();
  const line = await service.logLine(({ msg }) => msg === 'startup');
  return line.findings as { code: string; message: string }[];
}

const onBranch = (branch: string) =>
  testDatabase.query(`alter database ${testDatabase.name} set "neon.branch_id" = '${branch}'`);

/** Removes the newest migration from the migrations table, so that a migration is pending. */
const outdate = () =>
  testDatabase.query(`delete from ${migrationsTable}
    where created_at = (select max(created_at) from ${migrationsTable})`);

test.each([{}, { MIGRATE_IN_PREVIEW: '' }, { MIGRATE_IN_PREVIEW: 'yes' }])(
  'a preview build with %j migrates nothing, not even an empty database',
  async (env) => {
    const { code, stderr } = await migrate({ VERCEL_ENV: 'preview', ...env });
    expect(code).toBe(1);
    expect(stderr).toBe(
      `not migrated, nothing was changed: ${undeclared} DATABASE_URL points to a database that production does not use\n`,
    );
    expect(
      await testDatabase.query('select 1 from pg_tables where tablename = $1', ['user']),
    ).toEqual([]);
  },
);

test('with MIGRATE_IN_PREVIEW=on an empty database is migrated, and again after previews used it', async () => {
  expect(await migrate(inPreview)).toMatchObject({ code: 0, stderr: '' });
  expect(await countApplied()).toBe(tags.length);
  const findings = await deploy({ VERCEL_ENV: 'preview' });
  expect(findings.map(({ code }) => code)).not.toContain('PREVIEW_ON_PRODUCTION_DATABASE');
  expect(await migrate(inPreview)).toMatchObject({ code: 0, stderr: '' });
});

test('a database that production has used is refused to previews despite MIGRATE_IN_PREVIEW=on, but not to production', async () => {
  await migrate({ VERCEL_ENV: 'production' });
  await deploy({ VERCEL_ENV: 'production' });
  await outdate();
  const { code, stderr } = await migrate(inPreview);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^not migrated, nothing was changed: DATABASE_URL points to the database of http:\/\/localhost:3001, which is production: [^\n]+\n$/,
  );
  expect(await countApplied()).toBe(tags.length - 1);
  await testDatabase.query(undoLastMigration);
  expect((await migrate({ VERCEL_ENV: 'production' })).code).toBe(0);
  expect(await countApplied()).toBe(tags.length);
});

test('a preview that starts on production’s database causes a warning', async () => {
  await migrate({});
  await deploy({ VERCEL_ENV: 'production' });
  const findings = await deploy({ VERCEL_ENV: 'preview' });
  expect(findings).toContainEqual({
    level: 'warn',
    code: 'PREVIEW_ON_PRODUCTION_DATABASE',
    variable: 'DATABASE_URL',
    message:
      'points this preview to the database of http://localhost:3001: unreleased code reads and writes its users',
    fix: 'give previews their own database or Neon branch',
  });
});

test('a Neon branch of production’s database, which contains a copy of its canary, may be migrated by a preview', async () => {
  await migrate({});
  await onBranch('br-production-1');
  await deploy({ VERCEL_ENV: 'production' });
  expect((await migrate(inPreview)).code).toBe(1);
  await onBranch('br-preview-2'); // a branch starts with the same rows
  expect(await migrate(inPreview)).toMatchObject({ code: 0, stderr: '' });
  const findings = await deploy({ VERCEL_ENV: 'preview' });
  expect(findings.map(({ code }) => code)).not.toContain('PREVIEW_ON_PRODUCTION_DATABASE');
});

test('a copy on another host is refused until the suggested statement removes production’s canary', async () => {
  await migrate({});
  await deploy({ VERCEL_ENV: 'production' });
  const { stderr } = await migrate(inPreview);
  const statement = /\(in a copy[^:]*: ([^)]+)\)/.exec(stderr)?.[1] ?? '';
  await testDatabase.query(statement);
  await deploy({ VERCEL_ENV: 'preview' });
  expect((await migrate(inPreview)).code).toBe(0);
});

test('a database with users but without any canary is refused, because it may be production’s', async () => {
  await migrate({});
  await deploy({ VERCEL_ENV: 'production' });
  // As created by an older version without canaries.
  await testDatabase.query('drop table deployment_canary');
  await outdate();
  const { code, stderr } = await migrate(inPreview);
  expect(code).toBe(1);
  expect(stderr).toContain("that has users but no deployment's canary");
  expect(await countApplied()).toBe(tags.length - 1);
});

test('a pooler’s URL causes a warning that names the variable to set, without the password', async () => {
  const pooled = 'postgresql://someone:hunter2@ep-quiet-sun-123-pooler.localhost:1/auth';
  const command = spawnSource('db/migrate-command.ts', { DATABASE_URL: pooled });
  await command.printed('migrating');
  command.signal('SIGKILL'); // it would retry for a database that does not exist
  await command.exit;
  expect(command.stderr()).toMatch(
    /^warning: DATABASE_URL sends migrations through a pooler, .+\n/,
  );
  expect(command.stderr()).toContain('set DATABASE_URL_UNPOOLED to the direct URL');
  expect(command.stdout() + command.stderr()).not.toContain('hunter2');
});

test('a pooler’s URL in DATABASE_URL_UNPOOLED is also reported at start; one in DATABASE_URL is correct', () => {
  const pooled =
    'postgresql://someone:word@ep-quiet-sun-123-pooler.eu.neon.tech/auth?sslmode=require';
  expect(findingCodes({ DATABASE_URL: pooled })).toEqual([]);
  expect(findingCodes({ DATABASE_URL_UNPOOLED: pooled })).toEqual([
    'warn MIGRATION_THROUGH_POOLER DATABASE_URL_UNPOOLED',
  ]);
  const direct = pooled.replace('-pooler', '');
  expect(findingCodes({ DATABASE_URL_UNPOOLED: direct })).toEqual([]);
});
