/** A browser that signed in before keeps its own limits: guesses elsewhere, or next to it, do not hold it back. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  startTestService,
  testIpHeader,
  testSecret,
  type TestService,
} from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

const deviceCookie = 'better-auth.known_device';
const wrong = 'a guess at it';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ env: { LIMIT_NETWORK: '6/10m' } });
});
beforeEach(() => service.database.query('delete from rate_limit'));
afterAll(() => service.stop());

function tryFrom(ip: string, browser: Visitor, email: string, password = wrong) {
  return browser.ask('/api/auth/sign-in/email', {
    body: { email, password },
    headers: { [testIpHeader]: ip },
  });
}

const stranger = () => new Visitor(service);

/** An owner whose browser has no session, but signed in before; the networks know nothing of it. */
async function newOwner(): Promise<Visitor> {
  const owner = new Visitor(service);
  await owner.signUp();
  expect((await owner.signIn()).status).toBe(200);
  await owner.signOut();
  expect([...owner.cookies.keys()]).toEqual([deviceCookie]);
  await service.database.query('delete from rate_limit');
  return owner;
}

async function attack({ email }: Visitor): Promise<void> {
  for (let at = 1; at <= 12; at += 1) await tryFrom(`203.0.${at}.5`, stranger(), email);
}

test('while an account is attacked from many networks, its owner signs in on his own device from anywhere', async () => {
  const owner = await newOwner();
  await attack(owner);
  const { email, password } = owner;
  expect((await tryFrom('198.51.100.1', stranger(), email, password)).status).toBe(429);
  expect((await tryFrom('198.51.100.1', owner, email, password)).status).toBe(200);
});

test('a neighbour who uses up the limits of the address does not hold a known device back', async () => {
  const owner = await newOwner();
  const { email, password } = owner;
  const [home] = ['198.51.100.2'];
  for (let at = 0; at < 8; at += 1) await tryFrom(home, stranger(), `nobody-${at}@example.com`);
  for (let at = 0; at < 4; at += 1) await tryFrom(home, stranger(), email);
  expect((await tryFrom(home, stranger(), email, password)).status).toBe(429);
  expect((await tryFrom(home, owner, email, password)).status).toBe(200);
});

test('a known device has pauses of its own', async () => {
  const owner = await newOwner();
  const statuses = [];
  for (let at = 1; at <= 5; at += 1) {
    statuses.push((await tryFrom(`198.51.${at}.1`, owner, owner.email)).status);
  }
  expect(statuses).toEqual([401, 401, 401, 429, 429]);
  expect((await tryFrom('203.0.113.1', stranger(), owner.email, owner.password)).status).toBe(200);
});

test.each([
  ['of another account', (_value: string, other: string) => other],
  [
    'that was changed',
    (value: string) => value.slice(0, -2) + (value.endsWith('AA') ? 'BB' : 'AA'),
  ],
  ['with another id', (value: string) => (value.startsWith('A') ? 'B' : 'A') + value.slice(1)],
  ['that is cut', (value: string) => value.slice(0, 40)],
  ['that is empty', () => ''],
  ['of 1,000 entries', (value: string) => `${'x'.repeat(59)}.`.repeat(1_000) + value],
])('a cookie %s makes no device known', async (_, change) => {
  const [owner, other] = [await newOwner(), await newOwner()];
  await attack(owner);
  const forged = stranger();
  const [value = '', another = ''] = [owner, other].map(({ cookies }) => cookies.get(deviceCookie));
  forged.cookies.set(deviceCookie, change(value, another).slice(0, 8_000));
  const { email, password } = owner;
  expect((await tryFrom('198.51.100.3', forged, email, password)).status).toBe(429);
});

test('a browser of two users is known to both', async () => {
  const [owner, second] = [await newOwner(), await newOwner()];
  await tryFrom('198.51.100.4', owner, second.email, second.password);
  expect(owner.cookies.get(deviceCookie)).toMatch(/^[\w-]{59}\.[\w-]{59}$/);
  await attack(owner);
  await attack(second);
  for (const { email, password } of [owner, second]) {
    expect((await tryFrom('198.51.100.5', owner, email, password)).status).toBe(200);
  }
});

test('neither a sign-up nor a sign-in with rememberMe: false makes the device known', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  const { email, password } = visitor;
  const body = { email, password, rememberMe: false };
  expect((await visitor.ask('/api/auth/sign-in/email', { body })).status).toBe(200);
  expect(visitor.cookies.has(deviceCookie)).toBe(false);
});

test('after a rotation of the secret the device is still known', async () => {
  const owner = await newOwner();
  const secrets = `2:another-secret-of-at-least-32-characters,1:${testSecret}`;
  const rotated = await startTestService({
    testDatabase: service.database,
    env: { BETTER_AUTH_SECRET: undefined, BETTER_AUTH_SECRETS: secrets },
  });
  try {
    const browser = Object.assign(new Visitor(rotated), { cookies: owner.cookies });
    const { email, password } = owner;
    for (let at = 1; at <= 12; at += 1) await tryFrom(`203.0.${at}.5`, new Visitor(rotated), email);
    expect((await tryFrom('198.51.100.6', browser, email, password)).status).toBe(200);
  } finally {
    await rotated.stop();
  }
});
