import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { readMigrations } from '../../src/db/migrations.js';
import { migrationsTable } from '../../src/db/migrations-table.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

const origin = 'https://www.example.com';
/** No findings except about the database. */
const cleanConfiguration = {
  BETTER_AUTH_URL: 'https://auth.example.com',
  BETTER_AUTH_TRUSTED_ORIGINS: origin,
};

let testDatabase: TestDatabase;
let service: TestService;
afterEach(async () => {
  await service.stop();
  await testDatabase.drop();
});

async function startupLine(url = testDatabase.url, env: Record<string, string> = {}) {
  service = await startTestService({
    testDatabase,
    env: { ...cleanConfiguration, ...env, DATABASE_URL: url },
  });
  await service.logStartupReport();
  const line = service.logLines().find(({ msg }) => msg === 'startup');
  return line as unknown as { database: Record<string, unknown>; findings: { code: string }[] };
}

test('an empty database is reported with every pending migration', async () => {
  testDatabase = await createTestDatabase({ empty: true });
  const tags = readMigrations().map(({ tag }) => tag);
  const { database, findings } = await startupLine();
  expect(database).toMatchObject({ status: 'not ready', pendingMigrations: tags });
  expect(findings).toEqual([
    {
      level: 'error',
      code: 'MIGRATIONS_PENDING',
      variable: 'DATABASE_URL',
      message: `points to a database without ${tags.join(', ')}`,
      fix: 'run npm run db:migrate',
    },
  ]);
});

test('a missing column and a missing table are reported by name', async () => {
  testDatabase = await createTestDatabase();
  await testDatabase.query('alter table session drop column user_agent');
  await testDatabase.query('drop table rate_limit');
  const { database, findings } = await startupLine();
  expect(database).toMatchObject({ status: 'not ready', pendingMigrations: [] });
  expect(findings).toMatchObject([
    {
      level: 'error',
      code: 'SCHEMA_INCOMPLETE',
      message: 'points to a database where the table rate_limit is missing',
    },
    {
      level: 'error',
      code: 'SCHEMA_INCOMPLETE',
      message: 'points to a database where session.user_agent is missing',
      fix: 'ALTER TABLE "session" ADD COLUMN "user_agent" text',
    },
  ]);
});

test('a database migrated by a newer build causes a warning and is used', async () => {
  testDatabase = await createTestDatabase();
  await testDatabase.query(
    `insert into ${migrationsTable} (hash, created_at) values ('x', 9999999999999)`,
  );
  const { database, findings } = await startupLine();
  expect(database).toMatchObject({ status: 'ready' });
  expect(findings).toMatchObject([{ level: 'warn', code: 'DATABASE_NEWER' }]);
});

test('the database password appears nowhere, plain or percent-encoded, correct or wrong', async () => {
  testDatabase = await createTestDatabase();
  const role = `role_${randomBytes(6).toString('hex')}`;
  const password = 'zq7 p@ss/w?rd#1:ü%';
  const parts = /zq7|p@ss|p%40ss|w\?rd|w%3Frd/i;
  await testDatabase.query(`create role ${role} superuser login password '${password}'`);
  const url = new URL(testDatabase.url);
  url.username = role;
  url.password = encodeURIComponent(password);
  expect((await startupLine(url.href)).database).toMatchObject({ status: 'ready' });
  expect((await new Visitor(service, origin).signUp()).status).toBe(200);
  expect(service.logText()).not.toMatch(parts);
  await service.stop();

  url.password = encodeURIComponent(`${password}x`);
  expect((await startupLine(url.href)).database).toMatchObject({ status: 'unavailable' });
  const answer = await new Visitor(service, origin).signUp();
  expect(answer.status).toBe(503);
  expect(service.logText() + answer.text).not.toMatch(parts);
  await testDatabase.query(`drop role ${role}`);
});
