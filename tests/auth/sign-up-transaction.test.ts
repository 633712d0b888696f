import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FaultyNetwork } from '../support/faulty-network.js';
import type { TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { useFaultyDatabase } from '../support/use-service.js';
import { Visitor } from '../support/visitor.js';

let testDatabase: TestDatabase;
let network: FaultyNetwork;
let service: TestService;
useFaultyDatabase((started) => ({ testDatabase, network } = started), 'file');
beforeAll(async () => {
  service = await startTestService({ testDatabase, env: { DATABASE_URL: network.url } });
});
afterEach(() => network.heal());
afterAll(() => service.stop());

/** The number of rows per table left by the user's sign-up. */
async function traces(visitor: Visitor): Promise<unknown> {
  const [counts] = await testDatabase.query(
    `select count(distinct u.id)::int as users, count(distinct a.id)::int as accounts,
            count(distinct s.id)::int as sessions
     from "user" u left join account a on a.user_id = u.id left join session s on s.user_id = u.id
     where email = $1`,
    [visitor.email],
  );
  return counts;
}

test.each([
  ['the user is written', 'insert into "user"'],
  ['the account is written', 'insert into "account"'],
  ['the session is written', 'insert into "session"'],
])(
  'a connection lost when %s leaves no rows, and the sign-up can be repeated',
  async (_when, statement) => {
    const visitor = new Visitor(service);
    network.cutWhenSent(statement);
    const failed = await visitor.signUp();
    expect(failed.status).toBe(503);
    expect(failed.json).toEqual({
      code: 'DATABASE_UNAVAILABLE',
      message: expect.any(String) as string,
      requestId: failed.headers.get('x-request-id'),
    });
    expect(failed.headers.get('retry-after')).toBe('5');
    expect(failed.setCookies).toEqual([]);
    expect(await traces(visitor)).toEqual({ users: 0, accounts: 0, sessions: 0 });
    await network.heal();
    const repeated = await visitor.signUp();
    expect(repeated.status).toBe(200);
    expect(await traces(visitor)).toEqual({ users: 1, accounts: 1, sessions: 1 });
    expect((await visitor.ask('/session')).status).toBe(200);
  },
);

test('a server that closes the connection between user and account leaves no rows either', async () => {
  await testDatabase.query(`create function end_connection() returns trigger language plpgsql
    as $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$`);
  await testDatabase.query(`create trigger end_connection before insert on account
    for each row execute function end_connection()`);
  const visitor = new Visitor(service);
  const failed = await visitor.signUp();
  await testDatabase.query('drop trigger end_connection on account');
  expect(failed.status).toBe(503);
  expect(failed.json).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  expect(failed.setCookies).toEqual([]);
  expect(await traces(visitor)).toEqual({ users: 0, accounts: 0, sessions: 0 });
  expect((await visitor.signUp()).status).toBe(200);
  expect(await traces(visitor)).toEqual({ users: 1, accounts: 1, sessions: 1 });
});

test('a COMMIT that never arrives is not a sign-up', async () => {
  const visitor = new Visitor(service);
  network.cutWhenSent('COMMIT');
  const failed = await visitor.signUp();
  expect(failed.status).toBe(503);
  expect(failed.setCookies).toEqual([]);
  expect(await traces(visitor)).toEqual({ users: 0, accounts: 0, sessions: 0 });
});
