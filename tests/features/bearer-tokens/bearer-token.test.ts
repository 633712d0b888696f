import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { signInElsewhere } from '../../support/other-browser.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';

let service: TestService;
let visitor: Visitor;
let signedToken: string;
let rawToken: string;
beforeAll(async () => {
  service = await startTestService({ env: { BEARER_TOKENS: 'on' } });
});
afterAll(() => service.stop());
beforeEach(async () => {
  visitor = new Visitor(service);
  const signedUp = await visitor.signUp();
  signedToken = signedUp.headers.get('set-auth-token') ?? '';
  rawToken = String(signedUp.json?.token);
});

/** Asks without cookies and without an Origin, as an app or a server does. */
function askWith(token: string, path: string, body?: unknown) {
  const headers = { authorization: `Bearer ${token}` };
  return new Visitor(service).ask(path, { headers, origin: null, body });
}

test('sign-up and sign-in hand out the signed token, which is the decoded cookie', async () => {
  expect(signedToken).toBe(decodeURIComponent(visitor.sessionCookie));
  const signedIn = await visitor.signIn();
  expect(signedIn.headers.get('set-auth-token')).toBe(decodeURIComponent(visitor.sessionCookie));
});

test('the signed token is a credential on /session and on get-session, percent-encoded too', async () => {
  for (const token of [signedToken, encodeURIComponent(signedToken)]) {
    const ours = await askWith(token, '/session');
    expect(ours.status).toBe(200);
    expect(ours.json).toMatchObject({ user: { email: visitor.email } });
    const stock = await askWith(token, '/api/auth/get-session');
    expect(stock.json).toMatchObject({ user: { email: visitor.email } });
    expect(stock.headers.get('x-session-reason')).toBe('valid');
  }
});

test('the raw token is none, on any route', async () => {
  const ours = await askWith(rawToken, '/session');
  expect(ours.status).toBe(401);
  expect(ours.json).toMatchObject({ reason: 'bearer_malformed' });
  expect((await askWith(rawToken, '/api/auth/get-session')).text).toBe('null');
  const update = await askWith(rawToken, '/api/auth/update-user', { name: 'Eve' });
  expect(update.status).toBe(401);
});

test('a token with another signature is none', async () => {
  const forged = `${rawToken}.${Buffer.alloc(32).toString('base64')}`;
  const ours = await askWith(forged, '/session');
  expect(ours.status).toBe(401);
  expect(ours.json).toMatchObject({ reason: 'bearer_bad_signature' });
  expect((await askWith(forged, '/api/auth/get-session')).text).toBe('null');
});

test('a password changed by bearer token ends the other sessions too', async () => {
  const phone = await signInElsewhere(service, visitor);
  const body = { currentPassword: visitor.password, newPassword: 'a quite different one' };
  const changed = await askWith(signedToken, '/api/auth/change-password', body);
  expect(changed.status).toBe(200);
  expect((await phone.ask('/session')).status).toBe(401);
  expect((await askWith(signedToken, '/session')).status).toBe(401);
  const renewed = changed.headers.get('set-auth-token') ?? '';
  expect((await askWith(renewed, '/session')).status).toBe(200);
});

test('signing out by bearer token kills the session at once', async () => {
  expect((await askWith(signedToken, '/api/auth/sign-out', {})).json).toEqual({ success: true });
  const afterwards = await askWith(signedToken, '/session');
  expect(afterwards.status).toBe(401);
  expect(afterwards.json).toMatchObject({ reason: 'session_not_found' });
});
