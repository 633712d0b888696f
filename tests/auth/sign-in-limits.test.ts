/** Guessing one account, or many from one network, is slowed; a class, and an owner under attack, sign in. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { MailVisitor, startMailingService } from '../support/mailed-link.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService, testIpHeader, type TestService } from '../support/test-service.js';
import { Visitor, type Answer } from '../support/visitor.js';

let testDatabase: TestDatabase;
let service: TestService | undefined;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterEach(async () => {
  await service?.stop();
  service = undefined;
});
afterAll(() => testDatabase.drop());

async function start(env: Record<string, string> = {}): Promise<TestService> {
  await testDatabase.query('delete from rate_limit');
  return (service = await startTestService({ testDatabase, env }));
}

async function newOwner(of: TestService): Promise<Visitor> {
  const owner = new Visitor(of);
  expect((await owner.signUp()).status).toBe(200);
  owner.cookies.clear();
  return owner;
}

const wrong = 'a guess at it';

/** In a browser without cookies, at this address. */
function tryAt(of: Pick<TestService, 'url'>, ip: string, email: string, password = wrong) {
  return new Visitor(of).ask('/api/auth/sign-in/email', {
    body: { email, password },
    headers: { [testIpHeader]: ip },
  });
}

/** Simulates that time has passed, for all counters. */
function pass(seconds: number) {
  return testDatabase.query(
    `update rate_limit set last_request = last_request - ${seconds * 1000}`,
  );
}

const waitOf = (answer: Answer) => Number(answer.headers.get('retry-after'));

test('each wrong password after the third doubles the pause, up to the longest', async () => {
  const { url } = await start({
    LIMIT_PAUSE: '3/10s/1m',
    RATE_LIMIT_SIGN_IN_PER_ACCOUNT: '100/1h',
  });
  const owner = await newOwner({ url } as TestService);
  const at = (password?: string) => tryAt({ url }, '203.0.113.5', owner.email, password);
  for (let index = 0; index < 3; index += 1) expect((await at()).status).toBe(401);
  for (const seconds of [10, 20, 40, 60, 60, 60]) {
    const limited = await at(owner.password);
    expect(limited.status).toBe(429);
    expect(limited.json).toMatchObject({ code: 'TOO_MANY_REQUESTS', reason: 'limit_account' });
    expect(waitOf(limited)).toBeGreaterThan(seconds - 5);
    expect(waitOf(limited)).toBeLessThanOrEqual(seconds);
    await pass(seconds);
    expect((await at()).status).toBe(401);
  }
  await pass(60);
  expect((await at(owner.password)).status).toBe(200);
  // The right password has ended the pauses.
  for (const status of [401, 401, 401, 429]) expect((await at()).status).toBe(status);
});

test('refused attempts prolong no pause and use up no limit of others', async () => {
  const started = await start({ LIMIT_NETWORK: '5/10m' });
  const owner = await newOwner(started);
  for (let index = 0; index < 40; index += 1) await tryAt(started, '203.0.113.5', owner.email);
  const neighbour = await newOwner(started); // behind the attacker's address
  expect((await tryAt(started, '203.0.113.5', neighbour.email, neighbour.password)).status).toBe(
    200,
  );
  expect((await tryAt(started, '198.51.100.9', owner.email, owner.password)).status).toBe(200);
  await pass(10);
  expect((await tryAt(started, '203.0.113.5', owner.email, owner.password)).status).toBe(200);
});

test('all addresses of a /24 or of an IPv6 /64 share the pauses of an account', async () => {
  const started = await start();
  const { email } = await newOwner(started);
  const statuses = [];
  for (const last of [1, 2, 3, 4]) {
    statuses.push((await tryAt(started, `203.0.113.${last}`, email)).status);
  }
  for (const last of [1, 2, 3, 4]) {
    statuses.push((await tryAt(started, `2001:db8:7:7::${last}`, email)).status);
  }
  expect(statuses).toEqual([401, 401, 401, 429, 401, 401, 401, 429]);
});

test('of fifty concurrent guesses from one network three are verified, and the account’s total loses three', async () => {
  const started = await start();
  const owner = await newOwner(started);
  const tries = Array.from({ length: 50 }, () => tryAt(started, '203.0.113.5', owner.email));
  const statuses = (await Promise.all(tries)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(3);
  const rows = await testDatabase.query<{ count: number }>(
    "select count from rate_limit where key like 'account|%'",
  );
  expect(rows).toEqual([{ count: 3 }]);
});

test('one network that guesses at many accounts is refused; the accounts sign in from elsewhere', async () => {
  const started = await start({ LIMIT_NETWORK: '8/10m' });
  const owner = await newOwner(started);
  const accounts = Array.from({ length: 8 }, (_, at) => `nobody-${at}@example.com`);
  const statuses = [];
  for (const email of [...accounts, owner.email]) {
    statuses.push((await tryAt(started, '203.0.113.5', email)).status);
  }
  expect(statuses).toEqual([...Array<number>(8).fill(401), 429]);
  const limited = await tryAt(started, '203.0.113.5', owner.email, owner.password);
  expect(limited.json).toMatchObject({ code: 'TOO_MANY_REQUESTS', reason: 'limit_network' });
  expect(waitOf(limited)).toBeGreaterThan(500);
  expect(waitOf(limited)).toBeLessThanOrEqual(600);
  expect((await tryAt(started, '203.0.113.6', owner.email, owner.password)).status).toBe(200);
});

test('with the default settings a class of thirty behind one address signs in, mistyping included', async () => {
  const started = await start();
  const pupils = await Promise.all(Array.from({ length: 30 }, () => newOwner(started)));
  const statuses = await Promise.all(
    pupils.map(async ({ email, password }, at) => {
      if (at % 3 === 0) await tryAt(started, '198.51.100.30', email);
      let response = await tryAt(started, '198.51.100.30', email, password);
      while (response.status === 503) {
        response = await tryAt(started, '198.51.100.30', email, password);
      }
      return response.status;
    }),
  );
  expect(statuses).toEqual(Array<number>(30).fill(200));
});

test('an account that is guessed at from many networks answers limit_account, with a wait of at most its window', async () => {
  const started = await start();
  const owner = await newOwner(started);
  for (let at = 1; at <= 10; at += 1) await tryAt(started, `203.0.${at}.5`, owner.email);
  const limited = await tryAt(started, '203.0.77.5', owner.email, owner.password);
  expect(limited.json).toMatchObject({ reason: 'limit_account' });
  expect(waitOf(limited)).toBeGreaterThan(500);
  expect(waitOf(limited)).toBeLessThanOrEqual(600);
});

test('a mailed link opens the owner’s network at once, while the attack goes on', async () => {
  const mailing = await startMailingService();
  try {
    const owner = new MailVisitor(mailing);
    await owner.signUp();
    for (let at = 1; at <= 12; at += 1) await tryAt(mailing, `203.0.${at}.5`, owner.email);
    const home = new MailVisitor(mailing);
    const signIn = (password: string) =>
      home.ask('/api/auth/sign-in/email', { body: { email: owner.email, password } });
    expect((await signIn(owner.password)).status).toBe(429);
    await home.ask('/api/auth/request-password-reset', { body: { email: owner.email } });
    const token = await mailing.tokenFor(owner.email);
    const newPassword = 'another-good-password-42';
    const redeemed = await home.ask('/api/auth/reset-password', { body: { token, newPassword } });
    expect(redeemed.status).toBe(200);
    home.cookies.clear();
    expect((await signIn(newPassword)).status).toBe(200);
    expect((await tryAt(mailing, '203.0.200.5', owner.email)).status).toBe(429);
  } finally {
    await mailing.stop();
  }
});

test('a pause that a clock wrote ahead of time holds nobody back', async () => {
  const started = await start();
  const owner = await newOwner(started);
  for (let index = 0; index < 4; index += 1) await tryAt(started, '203.0.113.5', owner.email);
  await pass(-8 * 86_400); // the database's clock was 8 days ahead, and has been corrected
  expect((await tryAt(started, '203.0.113.5', owner.email, owner.password)).status).toBe(200);
});
