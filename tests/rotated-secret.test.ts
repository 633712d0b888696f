import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, testSecret, type TestService } from './support/test-service.js';
import { Visitor } from './support/visitor.js';

let before: TestService;
let after: TestService;
let visitor: Visitor;
beforeAll(async () => {
  before = await startTestService();
  const BETTER_AUTH_SECRETS = `2:another-secret-that-is-long-enough-9876543210,1:${testSecret}`;
  after = await startTestService({ env: { BETTER_AUTH_SECRETS }, testDatabase: before.database });
  const signedUp = new Visitor(before);
  await signedUp.signUp();
  visitor = new Visitor(after);
  for (const [name, value] of signedUp.cookies) visitor.cookies.set(name, value);
});
afterAll(async () => {
  await after.stop();
  await before.stop();
});

test('a cookie signed with the older secret is recognised by /session and get-session alike', async () => {
  for (const path of ['/session', '/api/auth/get-session']) {
    const answer = await visitor.ask(path);
    expect(answer.headers.get('x-session-reason')).toBe('valid_previous_secret');
    expect(answer.json).toHaveProperty('user.name', 'A Visitor');
  }
});

test('signing out with it ends the session', async () => {
  const cookie = visitor.cookieHeader;
  expect((await visitor.signOut()).status).toBe(200);
  const answer = await visitor.ask('/session', { headers: { cookie } });
  expect(answer.headers.get('x-session-reason')).toBe('session_not_found');
});
