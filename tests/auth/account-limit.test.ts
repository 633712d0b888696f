/** Guessing one account's password from many addresses is limited, without locking out its owner; a school can sign in. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { signInAs } from '../support/other-browser.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService, testIpHeader, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let testDatabase: TestDatabase;
let service: TestService;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterEach(() => service.stop());
afterAll(() => testDatabase.drop());

async function start(env: Record<string, string> = {}) {
  await testDatabase.query('delete from rate_limit'); // the tests use the same addresses
  service = await startTestService({ testDatabase, env });
}

/** From the network 203.0.`network`.0/24. */
function tryFrom(network: number, email: string, password: string) {
  return new Visitor(service).ask('/api/auth/sign-in/email', {
    body: { email, password },
    headers: { [testIpHeader]: `203.0.${network}.7` },
  });
}

/** Repeats what a busy service refuses (503 SIGN_IN_BUSY): a slow machine does not admit a hundred at once. */
async function whenAdmitted<T extends { status: number }>(send: () => Promise<T>): Promise<T> {
  for (;;) {
    const response = await send();
    if (response.status !== 503) return response;
  }
}

async function guess(times: number, email: string, at = 1): Promise<number[]> {
  const statuses = [];
  for (let index = 0; index < times; index += 1) {
    statuses.push((await tryFrom(at + index, email, 'a guess at it')).status);
  }
  return statuses;
}

test('forty wrong passwords from forty networks: ten are verified, the others get 429 with Retry-After', async () => {
  await start();
  const owner = new Visitor(service);
  await owner.signUp();
  const statuses = await guess(40, owner.email);
  expect(statuses).toEqual([...Array<number>(10).fill(401), ...Array<number>(30).fill(429)]);
  const limited = await tryFrom(200, owner.email, owner.password); // the correct password, from any address
  expect(limited.status).toBe(429);
  expect(limited.json).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  const seconds = Number(limited.headers.get('retry-after'));
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(600);
  expect(limited.headers.get('x-retry-after')).toBe(String(seconds));
  expect(limited.setCookies).toEqual([]);
});

test('an unknown account is limited in the same way, so that accounts cannot be enumerated', async () => {
  await start();
  const statuses = await guess(12, 'nobody-has-this@example.com');
  expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
});

test('the owner can still sign in from a network where the account signed in before', async () => {
  await start();
  const owner = new Visitor(service);
  await owner.signUp();
  expect((await tryFrom(100, owner.email, owner.password)).status).toBe(200);
  expect((await guess(12, owner.email)).at(-1)).toBe(429);
  expect((await tryFrom(100, owner.email, owner.password)).status).toBe(200);
  expect((await tryFrom(101, owner.email, owner.password)).status).toBe(429);
});

test('a known network has its own pauses, and uses up nothing of the other networks', async () => {
  await start({ RATE_LIMIT_SIGN_IN_PER_ADDRESS: '1000/1m' });
  const owner = new Visitor(service);
  await owner.signUp();
  await tryFrom(100, owner.email, owner.password);
  const statuses = [];
  for (let index = 0; index < 12; index += 1) {
    statuses.push((await tryFrom(100, owner.email, 'a guess at it')).status);
  }
  expect(statuses).toEqual([401, 401, 401, ...Array<number>(9).fill(429)]);
  expect((await tryFrom(150, owner.email, owner.password)).status).toBe(200); // the other attempts are still available
});

test('correct passwords are not counted', async () => {
  await start();
  const owner = new Visitor(service);
  await owner.signUp();
  for (let index = 1; index <= 25; index += 1) {
    expect((await tryFrom(index, owner.email, owner.password)).status).toBe(200);
  }
});

test('of a hundred concurrent guesses, each from another network, at most ten are verified', async () => {
  await start();
  const owner = new Visitor(service);
  await owner.signUp();
  const tries = Array.from({ length: 100 }, (_, at) =>
    whenAdmitted(() => tryFrom(at, owner.email, 'a guess at it')),
  );
  const statuses = (await Promise.all(tries)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
  expect(statuses.filter((status) => status === 429)).toHaveLength(90);
});

test('the table has no e-mail address, in any case', async () => {
  await start();
  const owner = new Visitor(service);
  await owner.signUp();
  await tryFrom(100, owner.email.toUpperCase(), owner.password);
  expect(await guess(10, owner.email)).toEqual(Array<number>(10).fill(401));
  expect((await tryFrom(11, owner.email.toUpperCase(), 'a guess at it')).status).toBe(429);
  const rows = await testDatabase.query<{ key: string }>('select key from rate_limit');
  for (const { key } of rows) expect(key).not.toContain('@');
  expect(rows.some(({ key }) => key.startsWith('known|'))).toBe(true);
});

test.each([
  ['no e-mail', { password: 'a guess at it' }],
  ['an e-mail that is none', { email: 'nobody', password: 'a guess at it' }],
  ['a number', { email: 7, password: 'a guess at it' }],
  ['an object', { email: { length: 3 }, password: 'a guess at it' }],
  ['an e-mail of 100,000 letters', { email: `${'a'.repeat(90_000)}@example.com`, password: 'x' }],
])('%s is answered as before, and never with a 5xx', async (_, body) => {
  await start();
  const answer = await new Visitor(service).ask('/api/auth/sign-in/email', { body });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
});

describe('a school whose thirty pupils share one address', () => {
  const school = { RATE_LIMIT_SIGN_IN_PER_ADDRESS: '60/10s' };

  test('can sign up and in at the same time, and a guesser among them is limited per account', async () => {
    await start(school);
    const pupils = Array.from({ length: 30 }, () => new Visitor(service));
    const shared = (pupil: Visitor, path: string, body: object) =>
      pupil.ask(path, { body, headers: { [testIpHeader]: '198.51.100.30' } });
    const signUps = pupils.map((pupil) =>
      whenAdmitted(() =>
        shared(pupil, '/api/auth/sign-up/email', {
          name: 'A pupil',
          email: pupil.email,
          password: pupil.password,
        }),
      ),
    );
    expect(new Set((await Promise.all(signUps)).map(({ status }) => status))).toEqual(
      new Set([200]),
    );
    const statuses = await Promise.all(
      pupils.map(({ email, password }) =>
        whenAdmitted(() =>
          shared(new Visitor(service), '/api/auth/sign-in/email', { email, password }),
        ),
      ),
    );
    expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([200]));
    const [, victim] = pupils;
    const guesses = [];
    for (let index = 0; index < 12; index += 1) {
      const body = { email: victim?.email, password: 'a guess at it' };
      guesses.push((await shared(new Visitor(service), '/api/auth/sign-in/email', body)).status);
    }
    expect(guesses).toEqual([401, 401, 401, ...Array<number>(9).fill(429)]);
  });
});

test('a custom limit per account', async () => {
  await start({ RATE_LIMIT_SIGN_IN_PER_ACCOUNT: '2/1h' });
  const owner = new Visitor(service);
  await owner.signUp();
  expect(await guess(3, owner.email)).toEqual([401, 401, 429]);
  const answer = await signInAs(new Visitor(service), owner);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(3_000);
});

test('the other endpoints have the configured limit', async () => {
  await start({ RATE_LIMIT_PER_ADDRESS: '2/1m' });
  const visitor = new Visitor(service);
  await visitor.signUp();
  const statuses = [];
  for (let index = 0; index < 3; index += 1) {
    statuses.push((await visitor.ask('/api/auth/list-sessions')).status);
  }
  expect(statuses).toEqual([200, 200, 429]);
});
