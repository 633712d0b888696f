import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFaultyNetwork, type FaultyNetwork } from '../support/faulty-network.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { until } from '../support/until.js';
import { expectUnavailable } from '../support/unavailable.js';
import { Visitor } from '../support/visitor.js';

/** Hikari's and ours: what was used this recently is believed to live. */
const trustedForMs = 1_000;

let testDatabase: TestDatabase;
let network: FaultyNetwork;
let service: TestService;
/** Signed in, through a service that nothing disturbs. */
let visitor: Visitor;
/** The service's clock, ahead of the real one by so much. */
let aheadMs: number;

beforeEach(async () => {
  aheadMs = 0;
  testDatabase = await createTestDatabase();
  network = await createFaultyNetwork(testDatabase.url);
  const undisturbed = await startTestService({ testDatabase });
  const newcomer = new Visitor(undisturbed);
  expect((await newcomer.signUp()).status).toBe(200);
  await undisturbed.stop();
  service = await startTestService({
    testDatabase,
    env: { DATABASE_URL: network.url },
    now: () => new Date(Date.now() + aheadMs),
  });
  visitor = signedInAs(newcomer);
});
afterEach(async () => {
  await service.stop();
  await network.close();
  await testDatabase.drop();
});

function signedInAs({ cookies, email, password }: Visitor): Visitor {
  const copy = new Visitor(service);
  for (const [name, value] of cookies) copy.cookies.set(name, value);
  return Object.assign(copy, { email, password });
}

/** More than the pool holds, on routes of every kind. */
const crowd = () =>
  Array.from({ length: 30 }, (_, index) => {
    if (index % 3 === 0) return visitor.ask('/session');
    if (index % 3 === 1) return visitor.ask('/api/auth/list-sessions');
    const { email, password } = visitor;
    return new Visitor(service).ask('/api/auth/sign-in/email', { body: { email, password } });
  });

test('a database that takes 5 s to wake is woken by one connection, and everybody gets their answer', async () => {
  network.sleep(5_000);
  const startedAt = performance.now();
  const answers = crowd();
  await until(() => performance.now() - startedAt > 4_000);
  expect(network.accepted()).toBe(1);
  for (const { status, text } of await Promise.all(answers)) expect(status, text).toBe(200);
  expect(performance.now() - startedAt).toBeGreaterThan(4_900);
});

test('a database that does not wake in time answers 503 to all, after one connection and no more', async () => {
  network.sleep(60_000);
  const startedAt = performance.now();
  for (const answer of await Promise.all(crowd())) expectUnavailable(answer);
  expect(performance.now() - startedAt).toBeLessThan(15_000); // the deadline is 10 s, and the machine busy
  // The start-up report asks by itself once the first of them is answered.
  expect(network.accepted()).toBeLessThanOrEqual(2);
  const line = await service.logLine(({ msg }) => msg === 'database unavailable');
  // It took the connection: a server that is gone would not.
  expect(line).toMatchObject({ code: 'DATABASE_NOT_ANSWERING', variable: 'DATABASE_URL' });
});

test('a connection that is reset while the database wakes is tried once more', async () => {
  network.turnAway(1);
  expect((await visitor.ask('/session')).status).toBe(200);
  expect(service.logText()).not.toContain('database unavailable');
});

test('a second reset is told, with the setting to look at', async () => {
  network.turnAway(2);
  expectUnavailable(await visitor.ask('/session'));
  await service.logStartupReport();
  expect(network.accepted()).toBe(3); // two of the request, and the report's once that was answered
  const line = await service.logLine(({ msg }) => msg === 'database unavailable');
  expect(line).toMatchObject({ code: 'DATABASE_UNREACHABLE', variable: 'DATABASE_URL' });
  expect((await visitor.ask('/session')).status).toBe(200);
});

test('what was sent once is not sent again: a sign-up cut off at its COMMIT is 503', async () => {
  expect((await visitor.ask('/session')).status).toBe(200);
  network.cutWhenSent('COMMIT');
  const newcomer = new Visitor(service);
  expectUnavailable(await newcomer.signUp());
  await network.heal();
  const text = 'select email from "user" where email = $1';
  expect(await testDatabase.query(text, [newcomer.email])).toEqual([]);
});

test('connections that were cut silently while idle delay the next request, and do not fail it', async () => {
  for (const { status } of await Promise.all(crowd())) expect(status).toBe(200);
  await service.logStartupReport(); // nothing of it is under way when the connections die
  const before = network.accepted();
  expect(before).toBeGreaterThan(1);
  network.cutSilently();
  aheadMs = trustedForMs;
  const startedAt = performance.now();
  expect((await visitor.ask('/session')).status).toBe(200);
  expect((await visitor.getSession()).status).toBe(200);
  // One question that nobody answers, and not one for each dead connection, which would be more than the deadline.
  expect(performance.now() - startedAt).toBeLessThan(6_000);
  expect(network.accepted()).toBe(before + 1);
});

test('connections that the server cut while idle do not fail the next request', async () => {
  for (const { status } of await Promise.all(crowd())) expect(status).toBe(200);
  await service.logStartupReport();
  network.cut();
  await until(() => service.logText().includes('an idle database connection broke'));
  expect((await visitor.ask('/session')).status).toBe(200);
});
