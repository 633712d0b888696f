import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { writeCanary, type Deployment } from '../../src/db/canary.js';
import { connectOnce, createDatabase, type Database } from '../../src/db/client.js';
import { migrationsTable } from '../../src/db/migrations-table.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let testDatabase: TestDatabase;
const opened: Database[] = [];
beforeEach(async () => {
  testDatabase = await createTestDatabase();
});
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
  await testDatabase.drop();
});

function open(url: string): Database {
  const database = createDatabase({ url, onIdleError: () => undefined });
  opened.push(database);
  return database;
}

const production: Deployment = {
  baseUrl: 'https://auth.example.com',
  environment: 'production',
  secrets: ['aaaaaaaa'],
};
const preview = (name: string): Deployment => ({
  baseUrl: `https://auth-git-${name}-team.vercel.app`,
  environment: 'preview',
  secrets: ['aaaaaaaa'],
});

interface Row extends Record<string, unknown> {
  canary: string;
  base_url: string;
  environment: string;
  branch: string | null;
}
const rows = () => testDatabase.query<Row>('select * from deployment_canary order by left_at desc');

test('two deployments on one database see each other’s canaries', async () => {
  const { orm } = open(testDatabase.url);
  const ofProduction = await writeCanary(orm, production);
  const ofPreview = await writeCanary(open(testDatabase.url).orm, preview('a'));
  expect(ofPreview.all).toEqual([ofPreview.own, ofProduction.own]);
  const again = await writeCanary(orm, production);
  expect(again.all).toEqual([again.own, ofPreview.own, ofProduction.own]);
});

test('a copy of the database, such as a Neon branch, does not see canaries written later', async () => {
  const original = createDatabase({ url: testDatabase.url, onIdleError: () => undefined });
  const before = await writeCanary(original.orm, production);
  await original.close(); // PostgreSQL cannot copy a database that is in use
  const name = `copy_${randomBytes(6).toString('hex')}`;
  const admin = await connectOnce(inject('adminUrl'));
  await admin.query(`create database ${name} template ${testDatabase.name}`);
  const copyUrl = new URL(testDatabase.url);
  copyUrl.pathname = name;

  const fresh = await writeCanary(open(testDatabase.url).orm, production);
  const onCopy = open(copyUrl.href);
  const ofPreview = await writeCanary(onCopy.orm, preview('a'));
  expect(ofPreview.all).toEqual([ofPreview.own, before.own]);
  expect(ofPreview.all).not.toContain(fresh.own);
  const again = await writeCanary(open(testDatabase.url).orm, production);
  expect(again.all).not.toContain(ofPreview.own);

  await onCopy.close();
  opened.splice(opened.indexOf(onCopy), 1);
  await admin.query(`drop database ${name}`);
  await admin.end();
});

test('a deployment that starts often keeps its last twenty canaries; others keep theirs', async () => {
  const { orm } = open(testDatabase.url);
  const other = await writeCanary(orm, preview('a'));
  const left: string[] = [];
  for (let start = 0; start < 25; start += 1)
    left.unshift((await writeCanary(orm, production)).own);
  expect((await rows()).map(({ canary }) => canary)).toEqual([...left.slice(0, 20), other.own]);
});

test('concurrent starts each write a canary, and the number of rows stays bounded', async () => {
  const databases = Array.from({ length: 4 }, () => open(testDatabase.url));
  const starts = Array.from({ length: 60 }, (_, at) =>
    writeCanary((databases[at % 4] ?? open(testDatabase.url)).orm, production),
  );
  for (const { own, all } of await Promise.all(starts)) expect(all).toContain(own);
  await writeCanary(open(testDatabase.url).orm, production);
  expect(await rows()).toHaveLength(20);
});

test('canaries of old previews are deleted by age and number, the newest of production never', async () => {
  const insert = `insert into deployment_canary (canary, base_url, environment, left_at)
    select kind || n, 'https://' || kind || n, kind, now() - make_interval(days => 0) - age
    from generate_series(1, $1::int) n, (select $2::text as kind, $3::interval as age) k`;
  await testDatabase.query(insert, [1, 'production', '400 days']);
  await testDatabase.query(insert, [50, 'preview', '31 days']);
  await testDatabase.query(insert, [300, 'other', '1 day']);
  const { own, all } = await writeCanary(open(testDatabase.url).orm, preview('a'));
  const kept = await rows();
  expect(kept).toHaveLength(201);
  expect(kept[0]?.canary).toBe(own);
  expect(kept.at(-1)?.canary).toBe('production1');
  expect(kept.some(({ canary }) => canary.startsWith('preview'))).toBe(false);
  expect(all).toHaveLength(200);
});

test('a start writes a canary and reports it with the Neon branch; requests write none', async () => {
  await testDatabase.query(
    `alter database ${testDatabase.name} set "neon.branch_id" = 'br-wild-sun-123'`,
  );
  const service = await startTestService({
    testDatabase,
    env: {
      BETTER_AUTH_URL: 'https://auth.example.com',
      BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.example.com',
    },
  });
  const visitor = new Visitor(service, 'https://docs.example.com');
  expect((await visitor.signUp()).status).toBe(200);
  expect((await visitor.ask('/session')).status).toBe(200);
  expect((await visitor.ask('/ready')).status).toBe(200);
  await service.logStartupReport();
  await service.stop();
  const [row, ...more] = await rows();
  expect(more).toEqual([]);
  expect(row).toMatchObject({
    base_url: 'https://auth.example.com',
    environment: 'production',
    branch: 'br-wild-sun-123',
  });
  const { database } = await service.logLine(({ msg }) => msg === 'startup');
  expect(database).toMatchObject({
    name: testDatabase.name,
    branch: 'br-wild-sun-123',
    canary: { own: row?.canary, all: [row?.canary] },
  });
});

test('with a read-only database the service starts without a canary and reports DATABASE_READ_ONLY', async () => {
  await testDatabase.query(
    `alter database ${testDatabase.name} set default_transaction_read_only = on`,
  );
  const service = await startTestService({ testDatabase });
  await service.logStartupReport();
  expect((await new Visitor(service).ask('/session')).status).toBe(401);
  const { database } = await service.logLine(({ msg }) => msg === 'startup');
  expect(database).toMatchObject({ status: 'not ready' });
  expect(database).not.toHaveProperty('canary');
  const found = await service.logLine(({ code }) => code === 'DATABASE_READ_ONLY');
  expect(found).toMatchObject({ level: 'error', variable: 'DATABASE_URL' });
  await service.stop();
});

test('with pending migrations no canary is written, because its table may be incomplete', async () => {
  await testDatabase.query(`delete from ${migrationsTable}
    where created_at = (select max(created_at) from ${migrationsTable})`);
  const service = await startTestService({ testDatabase });
  await service.logStartupReport();
  const { database } = await service.logLine(({ msg }) => msg === 'startup');
  expect(database).toMatchObject({ status: 'not ready' });
  expect(database).not.toHaveProperty('canary');
  expect(await rows()).toEqual([]);
  await service.stop();
});

test('any other failure to write the canary is ignored', async () => {
  await testDatabase.query(`create function refuse() returns trigger language plpgsql
    as 'begin raise exception ''no''; end';
    create trigger refuse before insert on deployment_canary execute function refuse()`);
  const service = await startTestService({ testDatabase });
  await service.logStartupReport();
  const { database, findings } = await service.logLine(({ msg }) => msg === 'startup');
  expect(database).toMatchObject({ status: 'ready' });
  expect(database).not.toHaveProperty('canary');
  expect(JSON.stringify(findings)).not.toContain('DATABASE');
  await service.stop();
});
