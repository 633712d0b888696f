import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { FaultyNetwork } from '../support/faulty-network.js';
import type { TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { until } from '../support/until.js';
import { expectAllUnavailable, expectUnavailable } from '../support/unavailable.js';
import { useFaultyDatabase } from '../support/use-service.js';
import { Visitor, type Answer } from '../support/visitor.js';

let testDatabase: TestDatabase;
let network: FaultyNetwork;
let service: TestService;
let visitor: Visitor;

useFaultyDatabase((started) => ({ testDatabase, network } = started), 'file');
beforeAll(async () => {
  service = await startTestService({ testDatabase, env: { DATABASE_URL: network.url } });
});
afterAll(() => service.stop());

beforeEach(async () => {
  visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
});
afterEach(() => network.heal());

const newVisitors = (count: number) => Array.from({ length: count }, () => new Visitor(service));
const signUpAll = (visitors: Visitor[]) => Promise.all(visitors.map((each) => each.signUp()));

/** More than the pool size, so that leaking a connection each time would exhaust it. */
const manyTimes = 15;

// An unhandled error would crash the process; vitest reports it and fails the run.
test('while connections are reset under load, each response is correct or 503, and none says signed out', async () => {
  const answers: Answer[] = [];
  const load = Array.from({ length: 10 }, async () => {
    for (let round = 0; round < 10; round += 1) {
      answers.push(await visitor.ask('/session'), await visitor.getSession());
    }
  });
  const cutting = setInterval(() => network.cut(), 10);
  await Promise.all(load);
  clearInterval(cutting);
  expect(answers).toHaveLength(200);
  for (const answer of answers) {
    if (answer.status !== 200) expectUnavailable(answer);
    else expect(answer.json).toMatchObject({ user: { email: visitor.email } });
    const reason = answer.status === 200 ? 'valid' : 'database_unavailable';
    expect(answer.headers.get('x-session-reason')).toBe(reason);
  }
  expect(answers.map(({ status }) => status)).toContain(503);
  await until(async () => (await visitor.ask('/session')).status === 200);
});

test.each(['BEGIN', 'COMMIT', 'insert into "account"', 'select'])(
  'sign-ups interrupted at %s return 503, leave no rows and leak no pool connection',
  async (statement) => {
    const newUsers = newVisitors(manyTimes);
    network.cutWhenSent(statement);
    for (const answer of await signUpAll(newUsers)) expectUnavailable(answer);
    await network.heal();
    const emails = newUsers.map(({ email }) => email);
    const text = 'select email from "user" where email = any($1)';
    expect(await testDatabase.query(text, [emails])).toEqual([]);
    const again = await signUpAll([...newUsers, ...newVisitors(5)]);
    for (const answer of again) expect(answer.status).toBe(200);
  },
);

test('sign-ups rejected within their transaction leak no pool connection', async () => {
  await testDatabase.query('alter table account add constraint closed check (false) not valid');
  const refused = newVisitors(manyTimes);
  for (const answer of await signUpAll(refused)) expect(answer.status).toBe(400);
  await testDatabase.query('alter table account drop constraint closed');
  for (const answer of await signUpAll(refused)) expect(answer.status).toBe(200);
});

test('after the server closes all connections, as in a restart, the next requests succeed', async () => {
  const text = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'auth-service'`;
  const broken = () => service.logText().split('idle database connection lost').length;
  const before = broken();
  const ended = await testDatabase.query(text);
  expect(ended).not.toHaveLength(0);
  await until(() => broken() === before + ended.length);
  for (const answer of await signUpAll(newVisitors(5))) expect(answer.status).toBe(200);
});

test('a get-session that fails after the session was found valid returns 503 without the reason valid', async () => {
  network.cutWhenSent('left join lateral'); // BetterAuth's own query, not the one of the session check
  const answer = await visitor.ask('/api/auth/get-session?disableRefresh=true');
  expectUnavailable(answer);
  expect(answer.headers.get('x-session-reason')).toBe('database_unavailable');
  expect(answer.json).toMatchObject({ reason: 'database_unavailable' });
  const requestId = answer.headers.get('x-request-id');
  const line = await service.logLine(
    (line) => line.msg === 'request' && line.requestId === requestId,
  );
  expect(line).toMatchObject({ reason: 'database_unavailable' });
});

test('with a missing table every route that needs it returns 503, never "signed out"', async () => {
  await testDatabase.query('alter table session rename to session_gone');
  const { sessionCookie } = visitor;
  expectUnavailable(await visitor.ask('/session'));
  expectUnavailable(await visitor.getSession());
  expectUnavailable(await visitor.ask('/api/auth/list-sessions'));
  expectUnavailable(await visitor.signIn());
  expectUnavailable(await visitor.signOut());
  expect(visitor.sessionCookie).toBe(sessionCookie);
  await testDatabase.query('alter table session_gone rename to session');
  expect((await visitor.ask('/session')).headers.get('x-session-reason')).toBe('valid');
});

test('without any tables every route returns 503', async () => {
  await testDatabase.query('drop table session, account, verification, rate_limit, "user" cascade');
  await expectAllUnavailable(visitor);
});
