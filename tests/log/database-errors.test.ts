import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.js';
import { session, user, verification } from '../../src/db/schema.js';
import { describeError } from '../../src/log/describe-error.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const marker = 'zq7marker';

let testDatabase: TestDatabase;
let database: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({ url: testDatabase.url, onIdleError: () => undefined });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

/** The log output for a query that fails; checks that it never contains the parameters. */
async function describeFailure(query: PromiseLike<unknown>) {
  const error: unknown = await query.then(
    () => expect.fail('the query did not fail'),
    (reason: unknown) => reason,
  );
  expect(JSON.stringify([error, String(error)])).toMatch(marker); // otherwise the test proves nothing
  const described = describeError(error);
  expect(JSON.stringify(described)).not.toMatch(marker);
  return described;
}

const newUser = (id: string, name: string) => ({ id, name, email: `${marker}@example.com` });

test('a unique violation shows the statement and the constraint, but not the value', async () => {
  await database.orm.insert(user).values(newUser('1', marker));
  expect(
    await describeFailure(database.orm.insert(user).values(newUser('2', marker))),
  ).toMatchObject({
    type: 'DrizzleQueryError',
    statement: expect.stringContaining('insert into "user"') as string,
    cause: { code: '23505', constraint: 'user_email_unique' },
  });
});

test('a value that PostgreSQL cannot store (class 22) is not logged', async () => {
  const query = database.orm.insert(user).values(newUser('3', `${marker}\0`));
  expect((await describeFailure(query)).cause).toEqual({ type: 'error', code: '22021' });
  const date = database.orm.execute(sql`select ${marker}::timestamptz`);
  expect((await describeFailure(date)).cause).toEqual({ type: 'error', code: '22007' });
});

test('a missing column or table (class 42) is named', async () => {
  await testDatabase.query('alter table verification drop column value');
  const query = database.orm.select().from(verification).where(eq(verification.identifier, marker));
  expect((await describeFailure(query)).cause).toMatchObject({
    code: '42703',
    message: 'column "value" does not exist',
  });
  await testDatabase.query('drop table verification cascade');
  expect((await describeFailure(query)).cause).toMatchObject({
    code: '42P01',
    message: 'relation "verification" does not exist',
  });
});

test('a statement cancelled by the server (class 57) is named', async () => {
  const query = database.orm.transaction(async (tx) => {
    await tx.execute(sql`set local statement_timeout = 20`);
    await tx.execute(sql`select pg_sleep(10), ${marker}::text`);
  });
  expect((await describeFailure(query)).cause).toEqual({
    type: 'error',
    code: '57014',
    message: 'canceling statement due to statement timeout',
  });
});

test('a query that times out shows the timeout, but not the token in its parameters', async () => {
  const impatient = createDatabase({
    url: testDatabase.url,
    onIdleError: () => undefined,
    queryTimeoutMs: 50,
  });
  const query = impatient.orm
    .select({ waited: sql`pg_sleep(1)` })
    .from(user)
    .leftJoin(session, eq(session.token, marker));
  expect((await describeFailure(query)).cause).toMatchObject({ message: 'Query read timeout' });
  await impatient.close();
});

test('a refused connection to localhost shows code and address', async () => {
  const url = 'postgresql://someone:word@localhost:1/db';
  const nowhere = createDatabase({ url, onIdleError: () => undefined });
  const described = await describeFailure(nowhere.orm.execute(sql`select ${marker}`));
  expect(JSON.stringify(described)).toMatch(/connect ECONNREFUSED (?:127\.0\.0\.1|::1):1/);
  expect(JSON.stringify(described)).toMatch('"code":"ECONNREFUSED"');
  await nowhere.close();
});

test('a wrong password shows the account, but not the password', async () => {
  const url = new URL(testDatabase.url);
  url.password = marker;
  const denied = createDatabase({ url: url.href, onIdleError: () => undefined });
  const described = await describeFailure(denied.orm.execute(sql`select ${marker}`));
  expect(described.cause).toMatchObject({
    code: '28P01',
    message: 'password authentication failed for user "postgres"',
  });
  await denied.close();
});
