import { afterAll, beforeAll, expect, test } from 'vitest';
import { signInAs } from '../support/other-browser.js';
import { startTestService, testIpHeader, type TestService } from '../support/test-service.js';
import { Visitor, type Answer } from '../support/visitor.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

async function statusesOf(times: number, ask: () => Promise<Answer>): Promise<number[]> {
  const statuses = [];
  for (let time = 1; time <= times; time += 1) statuses.push((await ask()).status);
  return statuses;
}

/** Simulates ten seconds for the counters in the database. */
function tenSecondsPass(of: TestService) {
  return of.database.query('update rate_limit set last_request = last_request - 10000');
}

test('the fourth sign-in within ten seconds answers 429 with Retry-After and sets no cookie', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  visitor.cookies.clear();
  expect(await statusesOf(3, () => visitor.signIn('not the password'))).toEqual([401, 401, 401]);
  const limited = await visitor.signIn(); // with the correct password
  expect(limited.status).toBe(429);
  expect(limited.json).toEqual({
    code: 'TOO_MANY_REQUESTS',
    message: 'Too many requests. Try again later.',
    reason: 'limit_account',
    requestId: limited.headers.get('x-request-id'),
  });
  const seconds = Number(limited.headers.get('retry-after'));
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(10);
  expect(limited.headers.get('x-retry-after')).toBe(String(seconds));
  expect(limited.setCookies).toEqual([]);
});

test('the account is not locked: its owner can sign in from another address', async () => {
  const owner = new Visitor(service);
  await owner.signUp();
  const attacker = new Visitor(service);
  const statuses = await statusesOf(4, () => signInAs(attacker, owner, 'a guess at it'));
  expect(statuses).toEqual([401, 401, 401, 429]);
  expect((await signInAs(new Visitor(service), owner)).status).toBe(200);
});

test('ten seconds later the same address may sign in again', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  expect((await statusesOf(4, () => visitor.signIn('not the password'))).at(-1)).toBe(429);
  await tenSecondsPass(service);
  expect((await visitor.signIn()).status).toBe(200);
});

test('the counters are in the database, so other instances share them', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  await statusesOf(2, () => visitor.signIn('not the password'));
  const counted = 'select count from rate_limit where key = $1';
  const key = `${visitor.ip}|/sign-in/email`;
  expect(await service.database.query(counted, [key])).toEqual([{ count: 2 }]);
  const second = await startTestService({ testDatabase: service.database });
  const there = (password: string) =>
    new Visitor(second).ask('/api/auth/sign-in/email', {
      body: { email: visitor.email, password },
      headers: { [testIpHeader]: visitor.ip },
    });
  const statuses = await statusesOf(2, () => there('not the password'));
  await second.stop();
  expect(statuses).toEqual([401, 429]);
  expect((await visitor.signIn()).status).toBe(429);
});

test('of twenty concurrent sign-ins at most three are verified', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  visitor.cookies.clear();
  const tries = Array.from({ length: 20 }, () => visitor.signIn('not the password'));
  const statuses = (await Promise.all(tries)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(3);
  expect(statuses.filter((status) => status === 429)).toHaveLength(17);
});

test.each(['sign-up/email', 'change-password', 'verify-password', 'delete-user'])(
  '%s, which can be used for guessing, has the same limit',
  async (path) => {
    const visitor = new Visitor(service);
    await visitor.signUp();
    await service.database.query('delete from rate_limit');
    const body = {
      password: 'a guess at it',
      currentPassword: 'a guess',
      newPassword: 'longer one',
    };
    const statuses = await statusesOf(4, () => visitor.ask(`/api/auth/${path}`, { body }));
    expect(statuses).toEqual([400, 400, 400, 429]);
  },
);

test('an IPv6 network counts as one client, the next network as another', async () => {
  const from = (address: string) => () =>
    new Visitor(service).ask('/api/auth/sign-in/email', {
      body: { email: 'nobody@example.com', password: 'a guess at it' },
      headers: { [testIpHeader]: address },
    });
  const hosts = ['2001:db8:0:1::1', '2001:db8:0:1::2', '2001:db8:0:1:ffff::3', '2001:DB8:0:1::4'];
  const statuses = [];
  for (const host of hosts) statuses.push((await from(host)()).status);
  expect(statuses).toEqual([401, 401, 401, 429]);
  expect((await from('2001:db8:0:2::1')()).status).toBe(401);
});

test('without a configured header, forging a new address for each attempt has no effect', async () => {
  const plain = await startTestService({ env: { CLIENT_IP_HEADER: '' } });
  let tries = 0;
  const statuses = await statusesOf(4, () => {
    tries += 1;
    const forged = `203.0.113.${tries}`;
    const names = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'x-auth-service-client-ip'];
    const headers = Object.fromEntries(names.map((name) => [name, forged]));
    return new Visitor(plain).ask('/api/auth/sign-in/email', {
      body: { email: 'nobody@example.com', password: 'a guess at it' },
      headers,
    });
  });
  await plain.stop();
  expect(statuses).toEqual([401, 401, 401, 429]);
});
