import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCanaryServer, type CanaryServer } from '../support/canary-server.js';

let server: CanaryServer;
beforeAll(async () => {
  server = await startCanaryServer();
}, 60_000);
afterAll(() => server.stop());

test('the canaries are detectable: a sign-up’s cookie and JSON contain them', async () => {
  const visitor = server.newVisitor();
  const { setCookies, text } = await visitor.signUp();
  expect(server.canaries.foundIn(setCookies.join())).toEqual([
    'session token',
    'session signature',
  ]);
  expect(server.canaries.foundIn(text)).toEqual([`e-mail of ${visitor.ip}`, 'session token']);
});

test('a typical account: sign-up, sign-in, sessions, password changes, mistakes', async () => {
  const visitor = server.newVisitor();
  await visitor.signUp();
  await visitor.getSession();
  await visitor.ask('/session');
  await visitor.ask('/api/auth/list-sessions');
  const token = decodeURIComponent(visitor.sessionCookie).split('.')[0];
  await visitor.ask('/api/auth/revoke-session', { body: { token } });
  await visitor.ask('/session');
  expect((await visitor.signIn('zqWrongPassword1')).status).toBe(401);
  expect((await visitor.signIn()).status).toBe(200);
  const change = { currentPassword: 'zqWrongPassword1', newPassword: 'zqNewPassword123' };
  for (const currentPassword of [change.currentPassword, visitor.password]) {
    await visitor.ask('/api/auth/change-password', { body: { ...change, currentPassword } });
  }
  for (const password of ['zqWrongPassword1', 'zqNewPassword123']) {
    await visitor.ask('/api/auth/delete-user', { body: { password } });
  }
  await server.expectSilence(visitor);
  expect(server.logText()).not.toMatch(/zqWrongPassword|zqNewPassword/);
});

test('another visitor’s sign-up and sign-in with the same address', async () => {
  const owner = server.newVisitor();
  await owner.signUp();
  const otherVisitor = server.newVisitor();
  const { email } = owner;
  const { password } = otherVisitor;
  await otherVisitor.ask('/api/auth/sign-up/email', { body: { name: 'X', email, password } });
  await otherVisitor.ask('/api/auth/sign-in/email', { body: { email, password } });
  await otherVisitor.ask('/api/auth/request-password-reset', { body: { email, redirectTo: '/x' } });
  await otherVisitor.ask('/api/auth/send-verification-email', { body: { email } });
  await server.expectSilence(owner, otherVisitor);
});

test('every way to tamper with a cookie or a bearer token', async () => {
  const visitor = server.newVisitor();
  await visitor.signUp();
  const cookie = visitor.sessionCookie;
  const signed = decodeURIComponent(cookie);
  const [token = ''] = signed.split('.');
  const name = 'better-auth.session_token';
  const headers = [
    ...[cookie.slice(0, -20), encodeURIComponent(cookie), signed.replaceAll('+', ' '), token].map(
      (value) => `${name}=${value}`,
    ),
    `${name}=${cookie.replace('.', '.A')}; ${name}=${cookie}`,
    `${name}="${signed}`,
    `${name}=${signed},${name}=${signed}`,
    `__Secure-${name}=${cookie}`,
    `${token}=${signed}`,
    signed,
    cookie,
  ].map((value) => ({ cookie: value }));
  const bearers = [signed, cookie, token, `${signed}x`].flatMap((value) => [
    { authorization: `Bearer ${value}`, cookie: '' },
    { authorization: value, cookie: '' },
  ]);
  for (const header of [...headers, ...bearers]) {
    await visitor.ask('/session', { headers: header });
    await visitor.ask('/api/auth/get-session', { headers: header });
    await visitor.ask('/api/auth/list-sessions', { headers: header });
  }
  await server.expectSilence(visitor);
});
