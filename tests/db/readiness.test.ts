import { expect, test } from 'vitest';
import { connectOnce } from '../../src/db/client.js';
import { readExpectedSchema } from '../../src/db/expected-schema.js';
import { migrationsTable } from '../../src/db/migrations-table.js';
import { allTables } from '../../src/db/all-tables.js';
import { createTestDatabase } from '../support/test-database.js';
import { startTestService } from '../support/test-service.js';
import { until } from '../support/until.js';
import { Visitor, type Answer } from '../support/visitor.js';

/** Starts a service, changes its database, and returns the first response of /ready and the database findings. */
async function readyAfter(...changes: string[]): Promise<{ answer: Answer; codes: unknown[] }> {
  const service = await startTestService();
  for (const change of changes) await service.database.query(change);
  const answer = await new Visitor(service).ask('/ready');
  await service.logStartupReport();
  const startup = await service.logLine(({ msg }) => msg === 'startup');
  await service.stop();
  const findings = startup.findings as { code: string; variable: string }[];
  const ofDatabase = findings.filter(({ variable }) => variable === 'DATABASE_URL');
  return { answer, codes: ofDatabase.map(({ code }) => code) };
}

const ready = { database: 'ok', migrations: 'ok', schema: 'ok' };

const tables = readExpectedSchema(allTables).map(({ name }) => name);

function expectNotReady(answer: Answer, checks: object, parts?: string[]): void {
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('5');
  expect(answer.json).toEqual({
    code: 'NOT_READY',
    message: 'The service is not ready.',
    checks,
    ...(parts && { parts: expect.arrayContaining(parts) as string[] }),
    requestId: answer.headers.get('x-request-id'),
  });
}

test('with a migrated database the service is ready and has no findings', async () => {
  const { answer, codes } = await readyAfter();
  expect(answer.status).toBe(200);
  expect(answer.json).toEqual({ status: 'ready', checks: ready });
  expect(codes).toEqual([]);
});

test('an empty database is reported as pending migrations', async () => {
  const testDatabase = await createTestDatabase({ empty: true });
  const service = await startTestService({ testDatabase });
  const answer = await new Visitor(service).ask('/ready');
  expectNotReady(answer, { ...ready, migrations: 'pending', schema: 'incomplete' }, tables);
  const line = await service.logLine(({ code }) => code === 'MIGRATIONS_PENDING');
  expect(line).toMatchObject({ level: 'error', fix: 'run npm run db:migrate' });
  await service.stop();
  await testDatabase.drop();
});

test('tables without recorded migrations, as after drizzle-kit push, are not ready', async () => {
  const { answer, codes } = await readyAfter(`delete from ${migrationsTable}`);
  expectNotReady(answer, { ...ready, migrations: 'pending' });
  expect(codes).toEqual(['MIGRATIONS_PENDING']);
});

test('a database migrated by a newer build is ready and reported at start', async () => {
  const { answer, codes } = await readyAfter(
    `insert into ${migrationsTable} (hash, created_at) values ('newer', 9000000000000)`,
  );
  expect(answer.status).toBe(200);
  expect(codes).toEqual(['DATABASE_NEWER']);
});

test('/health needs no database, and the startup report says that it is unreachable', async () => {
  const testDatabase = await createTestDatabase();
  const env = { DATABASE_URL: 'postgresql://someone:a-password@127.0.0.1:1/nowhere' };
  const service = await startTestService({ testDatabase, env });
  const answer = await new Visitor(service).ask('/health');
  expect(answer.status).toBe(200);
  expect(answer.json).toEqual({ status: 'ok' });
  const found = await service.logLine(({ code }) => code === 'DATABASE_UNREACHABLE');
  expect(found).toMatchObject({ level: 'error', variable: 'DATABASE_URL' });
  expect(service.logText()).not.toContain('a-password');
  expectNotReady(await new Visitor(service).ask('/ready'), { database: 'unavailable' });
  await service.stop();
  await testDatabase.drop();
});

test('concurrent readiness checks share one database query', async () => {
  const service = await startTestService(); // a new service, so that no earlier result is cached
  const lock = await connectOnce(service.database.url);
  await lock.query(`begin; lock table ${migrationsTable} in access exclusive mode`);
  const text = `select pid from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  const waiting = async () => (await service.database.query(text)).length;
  const concurrentRequests = Array.from({ length: 50 }, () => new Visitor(service).ask('/ready'));
  await until(async () => (await waiting()) > 0);
  for (let round = 0; round < 20; round += 1) await new Visitor(service).ask('/health');
  const asked = await waiting();
  await lock.end();
  expect(asked).toBe(1);
  for (const answer of await Promise.all(concurrentRequests)) expect(answer.status).toBe(200);
  await service.stop();
});

test('a result is cached for some seconds, not forever', async () => {
  const service = await startTestService();
  const ask = async () => (await new Visitor(service).ask('/ready')).status;
  await service.database.query('alter table verification rename to verification_gone');
  await until(async () => (await ask()) === 503);
  await service.database.query('alter table verification_gone rename to verification');
  await until(async () => (await ask()) === 200);
  await service.stop();
});
