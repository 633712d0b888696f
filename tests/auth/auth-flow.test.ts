import { afterAll, beforeAll, expect, test } from 'vitest';
import { signInElsewhere } from '../support/other-browser.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

async function signedUp(): Promise<Visitor> {
  const visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  return visitor;
}

test('a user signs up, is recognised and signs out; the old cookie is invalid immediately', async () => {
  const visitor = await signedUp();
  expect((await visitor.getSession()).json).toMatchObject({ user: { email: visitor.email } });
  const seen = await visitor.ask('/session');
  expect(seen.status).toBe(200);
  expect(seen.headers.get('x-session-reason')).toBe('valid');
  expect(seen.json).toMatchObject({ user: { email: visitor.email } });
  const cookie = visitor.cookieHeader;
  const signedOut = await visitor.signOut();
  expect(signedOut.status).toBe(200);
  expect(signedOut.json).toEqual({ success: true });
  expect(visitor.cookieHeader).toBe('');
  const afterwards = await visitor.ask('/session', { headers: { cookie } });
  expect(afterwards.status).toBe(401);
  expect(afterwards.json).toMatchObject({ code: 'NOT_SIGNED_IN', reason: 'session_signed_out' });
  const stock = await visitor.ask('/api/auth/get-session', { headers: { cookie } });
  expect(stock.text).toBe('null');
  expect(stock.headers.get('x-session-reason')).toBe('session_signed_out');
});

test('sign-up writes one user, one account with a hash and one session, and reveals no password', async () => {
  const visitor = new Visitor(service);
  const answer = await visitor.signUp();
  const users = await service.database.query<{ id: string; email_verified: boolean }>(
    'select * from "user" where email = $1',
    [visitor.email],
  );
  expect(users).toHaveLength(1);
  expect(users[0]).toMatchObject({ name: 'A Visitor', email_verified: false });
  const accounts = await service.database.query<{ password: string }>(
    'select * from account where user_id = $1',
    [users[0]?.id],
  );
  expect(accounts).toHaveLength(1);
  expect(accounts[0]).toMatchObject({ provider_id: 'credential', account_id: users[0]?.id });
  expect(accounts[0]?.password).toMatch(/^\$argon2id\$/);
  const sessions = await service.database.query<{ token: string }>(
    'select * from session where user_id = $1',
    [users[0]?.id],
  );
  expect(sessions).toHaveLength(1);
  expect(sessions[0]).toMatchObject({ ip_address: visitor.ip });
  expect(sessions[0]?.token).toMatch(/^[A-Za-z0-9]{32}$/); // 190 random bits, ASVS 7.2.3
  expect(answer.json).toEqual({
    token: sessions[0]?.token,
    user: {
      id: users[0]?.id,
      name: 'A Visitor',
      email: visitor.email,
      emailVerified: false,
      image: null,
      createdAt: expect.any(String) as string,
      updatedAt: expect.any(String) as string,
    },
  });
});

test('sign-in from another browser gives another token, and sign-out there does not affect this one', async () => {
  const here = await signedUp();
  const there = await signInElsewhere(service, here);
  expect(there.sessionCookie).not.toBe(here.sessionCookie);
  expect((await there.signOut()).status).toBe(200);
  expect((await there.ask('/session')).status).toBe(401);
  expect((await here.ask('/session')).status).toBe(200);
});

test('e-mail addresses are case-insensitive', async () => {
  const visitor = await signedUp();
  const body = { email: visitor.email.toUpperCase(), password: visitor.password };
  const signedIn = await new Visitor(service).ask('/api/auth/sign-in/email', { body });
  expect(signedIn.json).toMatchObject({ user: { email: visitor.email } });
});

test('get-session without a session is null, with the reason and without Set-Cookie', async () => {
  const answer = await new Visitor(service).getSession();
  expect(answer.status).toBe(200);
  expect(answer.text).toBe('null');
  expect(answer.headers.get('x-session-reason')).toBe('no_credential');
  expect(answer.setCookies).toEqual([]);
});

test('update-user changes the name for the next session check, and requires a session', async () => {
  const visitor = await signedUp();
  const updated = await visitor.ask('/api/auth/update-user', { body: { name: 'Ada' } });
  expect(updated.json).toEqual({ status: true });
  expect((await visitor.ask('/session')).json).toMatchObject({ user: { name: 'Ada' } });
  const anonymous = await new Visitor(service).ask('/api/auth/update-user', {
    body: { name: 'Eve' },
  });
  expect(anonymous.status).toBe(401);
  expect(anonymous.json).toMatchObject({ code: 'UNAUTHORIZED' });
});

test.each([
  ['email', { email: 'other@example.com' }],
  ['emailVerified', { emailVerified: true }],
])('update-user does not change %s', async (_field, body) => {
  const visitor = await signedUp();
  const answer = await visitor.ask('/api/auth/update-user', { body });
  expect(answer.status).toBe(400);
  const seen = await visitor.ask('/session');
  expect(seen.json).toMatchObject({ user: { email: visitor.email, emailVerified: false } });
});

test('the e-mail address cannot be changed as long as the service sends no mail', async () => {
  const visitor = await signedUp();
  const body = { newEmail: 'other@example.com' };
  const answer = await visitor.ask('/api/auth/change-email', { body });
  expect(answer.status).toBe(400);
  expect((await visitor.ask('/session')).json).toMatchObject({ user: { email: visitor.email } });
});

test('sign-up does not accept an id or a verified e-mail address', async () => {
  const visitor = new Visitor(service);
  const { email, password } = visitor;
  const answer = await visitor.ask('/api/auth/sign-up/email', {
    body: { name: 'A', email, password, emailVerified: true, id: 'chosen' },
  });
  expect(answer.status).toBe(200);
  const rows = await service.database.query('select * from "user" where email = $1', [email]);
  expect(rows[0]).toMatchObject({ email_verified: false });
  expect(rows[0]?.id).not.toBe('chosen');
});
