/** Statements that are repeated are prepared once per connection, and a pooler that loses them fails none. */
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from 'drizzle-orm';
import { createDatabase, type Database } from '../../src/db/client.js';
import { losePrepared, readPrepared } from '../support/prepared-statements.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let testDatabase: TestDatabase;
let database: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());
beforeEach(async () => {
  await testDatabase.query('create table counted (id int primary key, times int not null)');
  await testDatabase.query('insert into counted values (1, 0)');
  database = createDatabase({
    url: testDatabase.url,
    onIdleError: () => undefined,
    maxConnections: 1,
  });
});
afterEach(async () => {
  await database.close();
  await testDatabase.query('drop table counted');
});

async function increment(): Promise<number> {
  const { rows } = await database.orm.execute<{ times: number }>(
    sql`update counted set times = times + 1 where id = ${1} returning times`,
  );
  return rows[0]?.times ?? NaN;
}

async function incrementTimes(times: number): Promise<number | undefined> {
  let last: number | undefined;
  for (let index = 0; index < times; index += 1) last = await increment();
  return last;
}

const prepared = async () => (await readPrepared(database.pool)).flat();

test('a statement is prepared from its fifth run, and its name contains the hash of its text', async () => {
  await incrementTimes(4);
  expect(await prepared()).toEqual([]);
  expect(await incrementTimes(3)).toBe(7);
  const [only, ...others] = await prepared();
  expect(others).toEqual([]);
  const hash = createHash('sha256')
    .update(only?.statement ?? '')
    .digest('hex');
  expect(only?.name).toBe(`repeated_${hash.slice(0, 16)}`);
});

test('a write whose prepared statement was lost takes effect exactly once, and no later statement is prepared', async () => {
  expect(await incrementTimes(6)).toBe(6);
  await losePrepared(database.pool);
  expect(await increment()).toBe(7);
  expect(await incrementTimes(6)).toBe(13);
  expect(await prepared()).toEqual([]);
});

test('another client’s prepared statement of the same name is never run', async () => {
  await incrementTimes(5);
  const [own] = await prepared();
  const name = own?.name ?? '';
  const other = createDatabase({
    url: testDatabase.url,
    onIdleError: () => undefined,
    maxConnections: 1,
  });
  await other.pool.query(`prepare ${name} as update counted set times = -$1::int`);
  for (let index = 6; index <= 12; index += 1) {
    const { rows } = await other.orm.execute<{ times: number }>(
      sql`update counted set times = times + 1 where id = ${1} returning times`,
    );
    expect(rows[0]?.times).toBe(index);
  }
  await other.close();
});

test('after a change of a column type the statement succeeds, and others are still prepared', async () => {
  const read = async () => (await database.orm.execute(sql`select 1 as one`)).rows;
  await incrementTimes(6);
  await testDatabase.query('alter table counted alter column times type bigint');
  expect(await increment()).toBe('7'); // the driver returns a bigint as text
  for (let index = 0; index < 6; index += 1) expect(await read()).toEqual([{ one: 1 }]);
  expect((await prepared()).map(({ statement }) => statement)).toContain('select 1 as one');
});

test('a statement that fails for another reason stays prepared', async () => {
  await incrementTimes(6);
  await testDatabase.query('alter table counted add constraint few check (times < 7)');
  await expect(increment()).rejects.toThrow();
  await testDatabase.query('alter table counted drop constraint few');
  expect(await increment()).toBe(7);
  expect(await prepared()).toHaveLength(1);
});

test('statements within a transaction are not prepared', async () => {
  for (let index = 0; index < 6; index += 1) {
    await database.orm.transaction((tx) => tx.execute(sql`update counted set times = times + 1`));
  }
  expect(await prepared()).toEqual([]);
});
