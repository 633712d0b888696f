import { afterEach, beforeEach, expect, test } from 'vitest';
import { readMigrations } from '../../src/db/migrations.js';
import { spawnSource } from '../support/spawned.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let testDatabase: TestDatabase;
beforeEach(async () => {
  testDatabase = await createTestDatabase({ empty: true });
});
afterEach(() => testDatabase.drop());

const tags = readMigrations().map(({ tag }) => tag);

async function migrate(env: Record<string, string>) {
  const command = spawnSource('db/migrate-command.ts', env);
  const code = await command.exit;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}

test('prints the host, the variable and the applied migrations, and exits with 0', async () => {
  const { host } = new URL(testDatabase.url);
  const first = `migrating ${host} (DATABASE_URL)\napplied ${tags.join(', ')}\n`;
  expect(await migrate({ DATABASE_URL: testDatabase.url })).toEqual({
    code: 0,
    stdout: first,
    stderr: '',
  });
  const second = await migrate({ DATABASE_URL: testDatabase.url });
  expect(second.code).toBe(0);
  expect(second.stdout).toContain('the database is up to date');
});

test('uses the direct URL if it is set', async () => {
  const pooled = 'postgresql://someone:secret@127.0.0.1:1/pooled';
  const { code, stdout } = await migrate({
    DATABASE_URL: pooled,
    DATABASE_URL_UNPOOLED: testDatabase.url,
  });
  expect(stdout).toContain('(DATABASE_URL_UNPOOLED)');
  expect(code).toBe(0);
});

test.each([
  ['no variable at all', {}, 'DATABASE_URL is not set: see .env.example\n'],
  [
    'an empty variable',
    { DATABASE_URL: '', DATABASE_URL_UNPOOLED: '' },
    'DATABASE_URL is not set: see .env.example\n',
  ],
  [
    'no URL',
    { DATABASE_URL: 'host=db password=hunter2' },
    'DATABASE_URL is not a postgresql:// URL: see .env.example\n',
  ],
  [
    'a URL of something else',
    { DATABASE_URL: 'mysql://someone:hunter2@127.0.0.1:1/db' },
    'DATABASE_URL is not a postgresql:// URL: see .env.example\n',
  ],
])('%s: one line names the variable and never its value, and it ends with 1', async (...given) => {
  const [, env, stderr] = given;
  expect(await migrate(env)).toEqual({ code: 1, stdout: '', stderr });
});

test('reports a refused password in one line without the password, and exits with 1', async () => {
  const url = new URL(testDatabase.url);
  url.password = 'hunter2%21';
  const { code, stdout, stderr } = await migrate({ DATABASE_URL: url.href });
  expect(code).toBe(1);
  expect(stderr).toBe(
    'not migrated, nothing was changed: password authentication failed for user "postgres" 28P01 (DATABASE_URL)\n',
  );
  expect(stdout + stderr).not.toContain('hunter2');
});

test('reports a failed statement in one line, and exits with 1', async () => {
  await testDatabase.query('create table account ()');
  const { code, stderr } = await migrate({ DATABASE_URL: testDatabase.url });
  expect(code).toBe(1);
  expect(stderr).toBe(
    'not migrated, nothing was changed: relation "account" already exists 42P07 (DATABASE_URL)\n',
  );
});
