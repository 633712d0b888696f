/** A step-up where the database is lost at each step: 503, the session and the code stay as they were. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enrol } from '../support/second-factor.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { expectUnavailable } from '../support/unavailable.js';
import { useFaultyDatabase, type FaultyDatabase } from '../support/use-service.js';
import { Visitor } from '../support/visitor.js';

let faulty: FaultyDatabase;
useFaultyDatabase((started) => (faulty = started), 'file');

let service: TestService;
beforeAll(async () => {
  const { network, testDatabase } = faulty;
  service = await startTestService({
    env: { SECOND_FACTOR: 'optional', DATABASE_URL: network.url },
    testDatabase,
  });
});
afterAll(() => service.stop());

const stateOf = (email: string) =>
  service.database.query(
    `select s.token, s.aal, s.methods, s.proven_at, t.last_step
     from "user" u join session s on s.user_id = u.id left join totp_secret t on t.user_id = u.id
     where email = $1`,
    [email],
  );

const lock = 'for update';

test.each([
  ['password', lock],
  ['password', 'for share'],
  ['password', 'update "session" set'],
  ['password', 'COMMIT'],
  ['totp', 'from "totp_secret"'],
  ['totp', lock],
  ['totp', 'update "totp_secret"'],
  ['totp', 'update "session" set'],
  ['totp', 'COMMIT'],
])('with a %s: the database is lost at %s', async (method, statement) => {
  const visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  const app = method === 'totp' ? await enrol(service, visitor) : undefined;
  const body = app === undefined ? { password: visitor.password } : { totp: app.code() };
  const before = await stateOf(visitor.email);
  faulty.network.cutWhenSent(statement);
  expectUnavailable(await visitor.ask('/api/auth/step-up', { body }));
  await faulty.network.heal();
  expect(await stateOf(visitor.email)).toEqual(before);
  expect((await visitor.ask('/session')).status).toBe(200);
  const again = await visitor.ask('/api/auth/step-up', { body });
  expect(again.status, again.text).toBe(200);
});

test('what the user can prove is unknown during an outage', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  faulty.network.cut(); // a new connection has no prepared statement, so it sends the text
  faulty.network.cutWhenSent('from "account"');
  expectUnavailable(await visitor.ask('/api/auth/step-up'));
  await faulty.network.heal();
  expect((await visitor.ask('/api/auth/step-up')).status).toBe(200);
});
