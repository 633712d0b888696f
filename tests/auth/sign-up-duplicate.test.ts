import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

function signUpAs(browser: Visitor, email: string) {
  const { password } = browser;
  return browser.ask('/api/auth/sign-up/email', { body: { name: 'A', email, password } });
}

async function usersOf(email: string): Promise<number> {
  const rows = await service.database.query('select 1 from "user" where lower(email) = $1', [
    email,
  ]);
  return rows.length;
}

test('a second sign-up with the same address is rejected and does not sign in', async () => {
  const owner = new Visitor(service);
  await owner.signUp();
  for (const email of [owner.email, owner.email.toUpperCase()]) {
    const again = await signUpAs(new Visitor(service), email);
    expect(again.status).toBe(422);
    expect(again.json).toMatchObject({ code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL' });
    expect(again.setCookies).toEqual([]);
  }
  expect(await usersOf(owner.email)).toBe(1);
  expect((await owner.signIn()).status).toBe(200); // the password is still the first one
});

test('of concurrent identical sign-ups exactly one succeeds, and the others get 4xx, never 5xx', async () => {
  for (let round = 1; round <= 5; round += 1) {
    const { email } = new Visitor(service);
    const browsers = Array.from({ length: 4 }, () => new Visitor(service));
    const answers = await Promise.all(browsers.map((browser) => signUpAs(browser, email)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 422, 422, 422]);
    const sequential = await signUpAs(new Visitor(service), email);
    for (const { status, json, setCookies } of answers) {
      if (status === 200) continue;
      // The response is the same as for any address that has an account.
      expect({ ...json, requestId: '' }).toEqual({ ...sequential.json, requestId: '' });
      expect(json?.code).toBe('USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL');
      expect(setCookies).toEqual([]);
    }
    expect(await usersOf(email)).toBe(1);
  }
  const twice = 'select user_id from session group by user_id having count(*) > 1';
  expect(await service.database.query(twice)).toEqual([]); // the rejected ones have no session
});

test('a duplicate sign-up is not logged as an error: a user’s double click is not a database fault', () => {
  const alarms = service.logLines().filter(({ level, variable }) => level !== 'info' && !variable);
  expect(alarms).toEqual([]);
});
