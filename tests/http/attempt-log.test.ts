/** Each attempt to sign in, up or out, or to use a password, causes one log line with outcome, user and network. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { networkOf } from '../../src/log/mask-address.js';
import { signInAs } from '../support/other-browser.js';
import { readExposition } from '../support/exposition.js';
import { startTestService, type LogLine, type TestService } from '../support/test-service.js';
import { Visitor, type Answer } from '../support/visitor.js';

const token = 'Vt3kQ0aZs9LmXw2yBn7cRf5dHj8gPe4u';
let service: TestService;
beforeAll(async () => {
  service = await startTestService({ env: { DIAGNOSTICS_TOKEN: token } });
});
afterAll(() => service.stop());

async function lineOf(answer: Answer): Promise<LogLine> {
  const id = answer.headers.get('x-request-id');
  return service.logLine(({ msg, requestId }) => msg === 'request' && requestId === id);
}

async function userIdOf({ email }: Visitor): Promise<string | undefined> {
  const text = 'select id from "user" where email = $1';
  return (await service.database.query<{ id: string }>(text, [email]))[0]?.id;
}

async function signedUp(): Promise<[Visitor, string | undefined, Answer]> {
  const visitor = new Visitor(service);
  const answer = await visitor.signUp();
  return [visitor, await userIdOf(visitor), answer];
}

test('the log lines of sign-up, sign-in and sign-out have user and network', async () => {
  const [visitor, userId, signUp] = await signedUp();
  const clientNetwork = networkOf(visitor.ip);
  const known = { level: 'info', userId, clientNetwork };
  expect(userId).toBeDefined();
  expect(await lineOf(signUp)).toMatchObject({ ...known, outcome: 'signed_up', status: 200 });
  expect(await lineOf(await visitor.signOut())).toMatchObject({ ...known, outcome: 'signed_out' });
  expect(await lineOf(await visitor.signIn())).toMatchObject({ ...known, outcome: 'signed_in' });
  expect(clientNetwork).toMatch(/\.0\/24$/);
});

test('a sign-out without a session is logged as such', async () => {
  const line = await lineOf(await new Visitor(service).signOut());
  expect(line).toMatchObject({ outcome: 'no_session' });
  expect(line).not.toHaveProperty('userId');
});

test('twenty-five wrong passwords for one account from as many addresses have the same account fingerprint', async () => {
  const [owner, userId] = await signedUp();
  const lines = [];
  for (let index = 0; index < 25; index += 1) {
    lines.push(await lineOf(await signInAs(new Visitor(service), owner, 'a guess at it')));
  }
  const wrong = lines.filter(({ outcome }) => outcome === 'wrong_password');
  expect(wrong).toHaveLength(10);
  for (const line of wrong)
    expect(line).toMatchObject({ userId, code: 'INVALID_EMAIL_OR_PASSWORD' });
  const limited = lines.filter(({ outcome }) => outcome === 'limited');
  expect(limited).toHaveLength(15);
  for (const line of limited) {
    expect(line).toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      limit: 'account',
      variable: 'RATE_LIMIT_SIGN_IN_PER_ACCOUNT',
    });
  }
  expect(new Set(lines.map(({ accountFingerprint }) => accountFingerprint)).size).toBe(1);
  expect(lines[0]?.accountFingerprint).toMatch(/^[\w-]{8}$/);
});

test('an unknown account is logged, and the response is the same as for a wrong password', async () => {
  const [owner] = await signedUp();
  const wrong = await signInAs(new Visitor(service), owner, 'a guess at it');
  const unknown = await new Visitor(service).signIn();
  expect(await lineOf(unknown)).toMatchObject({ outcome: 'unknown_account' });
  expect(await lineOf(unknown)).not.toHaveProperty('userId');
  const shown = ({ status, json, headers }: Answer) => ({
    status,
    json: { ...json, requestId: '' },
    headers: [...headers.keys()].sort(),
  });
  expect(shown(wrong)).toEqual(shown(unknown));
});

test('other endpoints that verify a password are logged as attempts too', async () => {
  const [visitor, userId] = await signedUp();
  const ask = async (path: string, body: object) =>
    lineOf(await visitor.ask(`/api/auth/${path}`, { body }));
  const change = (currentPassword: string) =>
    ask('change-password', { currentPassword, newPassword: `${visitor.password}-new` });
  expect(await change('a guess')).toMatchObject({ outcome: 'wrong_password', userId });
  expect(await change(visitor.password)).toMatchObject({ outcome: 'password_changed', userId });
  const password = `${visitor.password}-new`;
  expect(await ask('verify-password', { password: 'a guess' })).toMatchObject({
    outcome: 'wrong_password',
    userId,
  });
  expect(await ask('delete-user', { password: 'a guess' })).toMatchObject({
    outcome: 'wrong_password',
    userId,
  });
  expect(await ask('delete-user', { password })).toMatchObject({ outcome: 'user_deleted', userId });
});

test('a rejected attempt has the error code', async () => {
  const [owner, userId] = await signedUp();
  const again = Object.assign(new Visitor(service), { email: owner.email });
  expect(await lineOf(await again.signUp())).toMatchObject({ outcome: 'refused', userId });
  const body = { email: 'nobody', password: 'a guess at it' };
  const invalid = await new Visitor(service).ask('/api/auth/sign-in/email', { body });
  expect(await lineOf(invalid)).toMatchObject({ outcome: 'refused', code: 'INVALID_EMAIL' });
});

test('a limit is logged with its reason and its setting', async () => {
  const visitor = new Visitor(service);
  for (let index = 0; index < 3; index += 1) await visitor.signIn();
  expect(await lineOf(await visitor.signIn())).toMatchObject({
    level: 'info',
    outcome: 'limited',
    reason: 'limit_account',
    limit: 'account_network',
    variable: 'LIMIT_PAUSE',
  });
  for (let index = 0; index < 60; index += 1) {
    await signInAs(visitor, new Visitor(service), 'a guess at it');
  }
  expect(await lineOf(await signInAs(visitor, new Visitor(service)))).toMatchObject({
    level: 'info',
    outcome: 'limited',
    reason: 'limit_network',
    limit: 'address',
    variable: 'LIMIT_NETWORK',
  });
});

test('BetterAuth’s own log line has the request’s id', async () => {
  const [owner] = await signedUp();
  const answer = await signInAs(new Visitor(service), owner, 'a guess at it');
  const id = answer.headers.get('x-request-id');
  const line = await service.logLine(
    ({ source, requestId }) => source === 'better-auth' && requestId === id,
  );
  expect(line.level).toBe('warn');
});

test('other requests have no outcome', async () => {
  const [visitor] = await signedUp();
  for (const path of ['/session', '/api/auth/list-sessions', '/api/auth/get-session']) {
    const line = await lineOf(await visitor.ask(path));
    expect(line).not.toHaveProperty('outcome');
    expect(line).not.toHaveProperty('clientNetwork');
  }
});

test('sign-ins are counted by outcome, 429 by limit and route; no e-mail or IP address appears', async () => {
  const metrics = await new Visitor(service).ask('/metrics', {
    headers: { 'x-diagnostics-token': token },
  });
  const samples = readExposition(metrics.text);
  const signIns = samples.filter(({ name }) => name === 'auth_sign_ins_total');
  const byOutcome = Object.fromEntries(
    signIns.map(({ labels, value }) => [String(labels.outcome), value]),
  ) as Record<string, number>;
  const counted = (outcome: string) =>
    service
      .logLines()
      .filter((line) => line.outcome === outcome && line.path === '/api/auth/sign-in/email').length;
  for (const outcome of ['signed_in', 'wrong_password', 'unknown_account', 'limited', 'refused']) {
    expect(byOutcome[outcome], outcome).toBe(counted(outcome));
    expect(byOutcome[outcome], outcome).toBeGreaterThan(0);
  }
  expect(byOutcome).toMatchObject({ busy: 0, unavailable: 0, failed: 0 });
  const limited = samples.filter(({ name }) => name === 'auth_rate_limited_total');
  expect(new Set(limited.map(({ labels }) => `${labels.limit} ${labels.route}`))).toEqual(
    new Set(
      ['account', 'account_network', 'address'].map((limit) => `${limit} /api/auth/sign-in/email`),
    ),
  );
  expect(service.logText()).not.toMatch(/visitor-[0-9a-f]{12}@/);
  expect(service.logText()).not.toMatch(/"10\.\d+\.\d+\.\d*[1-9]\d*"/);
});

describe('the network of an address', () => {
  test.each([
    ['203.0.113.7', '203.0.113.0/24'],
    ['::ffff:203.0.113.7', '203.0.113.0/24'],
    ['2001:db8:1:2::7', '2001:db8:1::/48'],
    ['2001:0DB8:0001:0002:0003:0004:0005:0006', '2001:db8:1::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['::1', '0:0:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0::/48'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0::/48'],
    ['', 'unknown'],
    ['localhost', 'unknown'],
    ['1.2.3', 'unknown'],
  ])('of %j is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
