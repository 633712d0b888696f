/** The transaction that the caller runs in, and work after its commit. */
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type Database, type OrmOrTransaction } from '../../src/db/client.js';
import { afterCommit, currentTransaction } from '../../src/db/current-transaction.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let testDatabase: TestDatabase;
let database: Database;
let other: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({ url: testDatabase.url, onIdleError: () => undefined });
  other = createDatabase({ url: testDatabase.url, onIdleError: () => undefined });
});
afterAll(async () => {
  await database.close();
  await other.close();
  await testDatabase.drop();
});

const transactionId = async (orm: OrmOrTransaction) =>
  (await orm.execute<{ id: string }>(sql`select pg_current_xact_id()::text as id`)).rows[0]?.id;

test('inside a transaction it is that transaction, for its own database only', async () => {
  const { orm } = database;
  expect(currentTransaction(orm)).toBe(orm);
  await orm.transaction(async (tx) => {
    const id = await transactionId(tx);
    expect(await transactionId(currentTransaction(orm))).toBe(id);
    expect(currentTransaction(other.orm)).toBe(other.orm);
  });
  expect(currentTransaction(orm)).toBe(orm);
});

test('concurrent transactions do not see each other', async () => {
  const { orm } = database;
  const ids = await Promise.all(
    Array.from({ length: 5 }, () =>
      orm.transaction(async (tx) => {
        const own = await transactionId(tx);
        expect(await transactionId(currentTransaction(orm))).toBe(own);
        return own;
      }),
    ),
  );
  expect(new Set(ids).size).toBe(5);
});

test('work that outlives the transaction does not use its connection', async () => {
  const { orm } = database;
  let resume: () => void = () => undefined;
  const resumed = new Promise<void>((resolve) => {
    resume = resolve;
  });
  let late: Promise<Database['orm']> | undefined;
  await orm.transaction(async () => {
    late = resumed.then(() => currentTransaction(orm));
    await Promise.resolve();
  });
  resume();
  expect(await late).toBe(orm);
});

test('work after the commit runs once it is committed, never after a rollback', async () => {
  const { orm } = database;
  const events: string[] = [];
  await orm.transaction(async (tx) => {
    afterCommit(orm, () => events.push('committed'));
    await tx.execute(sql`select 1`);
    events.push('working');
  });
  const failed = orm.transaction(async () => {
    afterCommit(orm, () => events.push('after a rollback'));
    await Promise.reject(new Error('fails'));
  });
  await expect(failed).rejects.toThrow('fails');
  afterCommit(orm, () => events.push('without one'));
  expect(events).toEqual(['working', 'committed', 'without one']);
});
