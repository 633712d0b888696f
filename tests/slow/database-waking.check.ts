import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFaultyNetwork, type FaultyNetwork } from '../support/faulty-network.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { until } from '../support/until.js';
import { expectUnavailable } from '../support/unavailable.js';
import { Visitor } from '../support/visitor.js';

/** As in HikariCP: a connection used this recently is not pinged. */
const trustedForMs = 1_000;

let testDatabase: TestDatabase;
let network: FaultyNetwork;
let service: TestService;
/** Signed in through a service with an undisturbed connection. */
let visitor: Visitor;
/** How far the service's clock is ahead of the real one. */
let aheadMs: number;

beforeEach(async () => {
  aheadMs = 0;
  testDatabase = await createTestDatabase();
  network = await createFaultyNetwork(testDatabase.url);
  const undisturbed = await startTestService({ testDatabase });
  const newUser = new Visitor(undisturbed);
  expect((await newUser.signUp()).status).toBe(200);
  await undisturbed.stop();
  service = await startTestService({
    testDatabase,
    env: { DATABASE_URL: network.url },
    now: () => new Date(Date.now() + aheadMs),
  });
  visitor = signedInAs(newUser);
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

/** More requests than the pool size, on routes of every kind. */
const concurrentRequests = () =>
  Array.from({ length: 30 }, (_, index) => {
    if (index % 3 === 0) return visitor.ask('/session');
    if (index % 3 === 1) return visitor.ask('/api/auth/list-sessions');
    const { email, password } = visitor;
    return new Visitor(service).ask('/api/auth/sign-in/email', { body: { email, password } });
  });

test('a database that takes 5 s to wake is woken by one connection, and every request succeeds', async () => {
  network.sleep(5_000);
  const startedAt = performance.now();
  const answers = concurrentRequests();
  await until(() => performance.now() - startedAt > 4_000);
  expect(network.accepted()).toBe(1);
  for (const { status, text } of await Promise.all(answers)) expect(status, text).toBe(200);
  expect(performance.now() - startedAt).toBeGreaterThan(4_900);
});

test('if a database does not wake in time, every request returns 503 after a single connection attempt', async () => {
  network.sleep(60_000);
  const startedAt = performance.now();
  for (const answer of await Promise.all(concurrentRequests())) expectUnavailable(answer);
  expect(performance.now() - startedAt).toBeLessThan(15_000); // the deadline is 10 s; the machine may be busy
  // The startup report queries the database after the first response.
  expect(network.accepted()).toBeLessThanOrEqual(2);
  const line = await service.logLine(({ msg }) => msg === 'database unavailable');
  // The TCP connection was accepted, so the server is not unreachable.
  expect(line).toMatchObject({ code: 'DATABASE_NOT_ANSWERING', variable: 'DATABASE_URL' });
});

test('a connection that is reset while the database wakes is retried once', async () => {
  network.turnAway(1);
  expect((await visitor.ask('/session')).status).toBe(200);
  expect(service.logText()).not.toContain('database unavailable');
});

test('a second reset is reported with the setting to check', async () => {
  network.turnAway(2);
  expectUnavailable(await visitor.ask('/session'));
  await service.logStartupReport();
  expect(network.accepted()).toBe(3); // two of the request, and then one of the startup report
  const line = await service.logLine(({ msg }) => msg === 'database unavailable');
  expect(line).toMatchObject({ code: 'DATABASE_UNREACHABLE', variable: 'DATABASE_URL' });
  expect((await visitor.ask('/session')).status).toBe(200);
});

test('writes are not retried: a sign-up interrupted at its COMMIT returns 503', async () => {
  expect((await visitor.ask('/session')).status).toBe(200);
  network.cutWhenSent('COMMIT');
  const newUser = new Visitor(service);
  expectUnavailable(await newUser.signUp());
  await network.heal();
  const text = 'select email from "user" where email = $1';
  expect(await testDatabase.query(text, [newUser.email])).toEqual([]);
});

test('connections lost silently while idle delay the next request but do not fail it', async () => {
  for (const { status } of await Promise.all(concurrentRequests())) expect(status).toBe(200);
  await service.logStartupReport(); // so that it is not running when the connections are lost
  const before = network.accepted();
  expect(before).toBeGreaterThan(1);
  network.cutSilently();
  aheadMs = trustedForMs;
  const startedAt = performance.now();
  expect((await visitor.ask('/session')).status).toBe(200);
  expect((await visitor.getSession()).status).toBe(200);
  // One ping without response, not one per dead connection, which would exceed the deadline.
  expect(performance.now() - startedAt).toBeLessThan(6_000);
  expect(network.accepted()).toBe(before + 1);
});

test('connections closed by the server while idle do not fail the next request', async () => {
  for (const { status } of await Promise.all(concurrentRequests())) expect(status).toBe(200);
  await service.logStartupReport();
  network.cut();
  await until(() => service.logText().includes('idle database connection lost'));
  expect((await visitor.ask('/session')).status).toBe(200);
});
