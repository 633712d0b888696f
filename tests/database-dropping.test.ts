import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createFaultyNetwork, type FaultyNetwork } from './support/faulty-network.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';
import { startTestService, type TestService } from './support/test-service.js';
import { until } from './support/until.js';
import { expectAllUnavailable, expectUnavailable } from './support/unavailable.js';
import { Visitor, type Answer } from './support/visitor.js';

let testDatabase: TestDatabase;
let network: FaultyNetwork;
let service: TestService;
let visitor: Visitor;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  network = await createFaultyNetwork(testDatabase.url);
  service = await startTestService({ testDatabase, env: { DATABASE_URL: network.url } });
});
afterAll(async () => {
  await service.stop();
  await network.close();
  await testDatabase.drop();
});

beforeEach(async () => {
  visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
});
afterEach(() => network.heal());

const newVisitors = (count: number) => Array.from({ length: count }, () => new Visitor(service));
const signUpAll = (visitors: Visitor[]) => Promise.all(visitors.map((each) => each.signUp()));

/** More than the pool holds, so that a connection lost each time would leave none. */
const manyTimes = 15;

// An error that nobody hears would end the process; here vitest would report it and fail the run.
test('while connections are reset under load, each answer is right or 503, and none says signed out', async () => {
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
  'sign-ups cut off at %s answer 503, leave nothing behind, and lose no connection of the pool',
  async (statement) => {
    const newcomers = newVisitors(manyTimes);
    network.cutWhenSent(statement);
    for (const answer of await signUpAll(newcomers)) expectUnavailable(answer);
    await network.heal();
    const emails = newcomers.map(({ email }) => email);
    const text = 'select email from "user" where email = any($1)';
    expect(await testDatabase.query(text, [emails])).toEqual([]);
    const again = await signUpAll([...newcomers, ...newVisitors(5)]);
    for (const answer of again) expect(answer.status).toBe(200);
  },
);

test('sign-ups refused inside their transaction lose no connection of the pool', async () => {
  await testDatabase.query('alter table account add constraint closed check (false) not valid');
  const refused = newVisitors(manyTimes);
  for (const answer of await signUpAll(refused)) expect(answer.status).toBe(400);
  await testDatabase.query('alter table account drop constraint closed');
  for (const answer of await signUpAll(refused)) expect(answer.status).toBe(200);
});

test('when the server ends every connection, as a restart does, the next visits are answered', async () => {
  const text = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'auth-service'`;
  const broken = () => service.logText().split('an idle database connection broke').length;
  const before = broken();
  const ended = await testDatabase.query(text);
  expect(ended).not.toHaveLength(0);
  await until(() => broken() === before + ended.length);
  for (const answer of await signUpAll(newVisitors(5))) expect(answer.status).toBe(200);
});

test('a session check that fails after it was found valid is 503 and no longer called valid', async () => {
  network.cutWhenSent('left join lateral'); // BetterAuth's own query, not the one that finds the reason
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

test('a missing table reads as 503 on every route that needs it, never as signed out', async () => {
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

test('with every table gone, every route answers 503', async () => {
  await testDatabase.query('drop table session, account, verification, rate_limit, "user"');
  await expectAllUnavailable(visitor);
});
