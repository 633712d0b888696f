import { afterAll, beforeAll, expect, test } from 'vitest';
import { statementRefusal } from '../../src/db/database-error.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
});
afterAll(() => database.drop());

test.each([
  ['08P01', 'prepared statement did not exist', 'not_kept'], // PgBouncer from 1.21, prepare.c
  ['08P01', 'prepared statement name is already in use', 'not_kept'],
  ['0A000', 'prepared statements are not supported', 'not_kept'],
  ['08P01', 'server login failed', undefined],
  ['0A000', 'cannot do this yet', undefined],
  ['57014', 'canceling statement due to statement timeout', undefined],
  ['42P01', 'relation "session" does not exist', undefined],
])('the server’s error %s "%s" as a refused statement: %s', async (code, message, expected) => {
  const raise = `do $$ begin raise exception '${message}' using errcode = '${code}'; end $$`;
  const error = await database.query(raise).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toHaveProperty('code', code);
  expect(statementRefusal(error)).toBe(expected);
  expect(statementRefusal(new Error('wrapped', { cause: error }))).toBe(expected);
});
