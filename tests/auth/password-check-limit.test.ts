/** A client with a session, such as a stolen one, guesses at the password no faster than a client without one. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestService, testIpHeader, type TestService } from '../support/test-service.js';
import { signInElsewhere } from '../support/other-browser.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
beforeEach(() => service.database.query('delete from rate_limit'));
afterAll(() => service.stop());

async function signedUp(): Promise<Visitor> {
  const visitor = new Visitor(service);
  await visitor.signUp();
  return visitor;
}

let networks = 0;

/** From another network each time, so that no limit by address is reached. */
function check(visitor: Visitor, password: string, path = 'verify-password') {
  networks += 1;
  return visitor.ask(`/api/auth/${path}`, {
    body: { password, currentPassword: password, newPassword: 'another-good-one-42' },
    headers: { [testIpHeader]: `203.0.${networks % 256}.5` },
  });
}

test.each(['verify-password', 'change-password', 'delete-user'])(
  'of thirty wrong passwords at %s from thirty networks three are verified',
  async (path) => {
    const visitor = await signedUp();
    const guess = async () => (await check(visitor, 'a guess at it', path)).status;
    expect([await guess(), await guess(), await guess()]).toEqual([400, 400, 400]);
    // At once, because on a busy machine 27 in turn can outlast the pause of ten seconds.
    const others = await Promise.all(Array.from({ length: 27 }, guess));
    expect(others).toEqual(Array(27).fill(429));
    const limited = await check(visitor, visitor.password, path);
    expect(limited.json).toMatchObject({ code: 'TOO_MANY_REQUESTS', reason: 'limit_account' });
    expect(Number(limited.headers.get('retry-after'))).toBeLessThanOrEqual(10);
  },
);

test('endpoints share the limit, which neither another session nor a sign-in is held back by', async () => {
  const visitor = await signedUp();
  for (const path of ['verify-password', 'change-password', 'delete-user', 'verify-password']) {
    await check(visitor, 'a guess at it', path);
  }
  expect((await check(visitor, visitor.password)).status).toBe(429);
  const other = await signInElsewhere(service, visitor);
  expect((await check(other, visitor.password)).status).toBe(200);
});

test('after the pause the right password is accepted, and lifts the limit', async () => {
  const visitor = await signedUp();
  for (let at = 0; at < 4; at += 1) await check(visitor, 'a guess at it');
  await service.database.query('update rate_limit set last_request = last_request - 10000');
  expect((await check(visitor, visitor.password)).status).toBe(200);
  const statuses = [];
  for (let at = 0; at < 4; at += 1) {
    statuses.push((await check(visitor, 'a guess at it')).status);
  }
  expect(statuses).toEqual([400, 400, 400, 429]);
});

test('right passwords are not counted, and make no network known', async () => {
  const visitor = await signedUp();
  for (let at = 0; at < 8; at += 1) {
    expect((await check(visitor, visitor.password)).status).toBe(200);
  }
  const rows = await service.database.query(
    "select 1 from rate_limit where key like 'known|%' or (key like '%session%' and count > 0)",
  );
  expect(rows).toEqual([]);
});
