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

/** Sends a request without cookies and without an Origin, as an app or a server does. */
function requestWith(token: string, path: string, body?: unknown) {
  const headers = { authorization: `Bearer ${token}` };
  return new Visitor(service).ask(path, { headers, origin: null, body });
}

test('sign-up and sign-in return the signed token, which is the decoded cookie', async () => {
  expect(signedToken).toBe(decodeURIComponent(visitor.sessionCookie));
  const signedIn = await visitor.signIn();
  expect(signedIn.headers.get('set-auth-token')).toBe(decodeURIComponent(visitor.sessionCookie));
});

test('/session and get-session accept the signed token, percent-encoded or not', async () => {
  for (const token of [signedToken, encodeURIComponent(signedToken)]) {
    const ours = await requestWith(token, '/session');
    expect(ours.status).toBe(200);
    expect(ours.json).toMatchObject({ user: { email: visitor.email } });
    const stock = await requestWith(token, '/api/auth/get-session');
    expect(stock.json).toMatchObject({ user: { email: visitor.email } });
    expect(stock.headers.get('x-session-reason')).toBe('valid');
  }
});

test('no route accepts the token without its signature', async () => {
  const ours = await requestWith(rawToken, '/session');
  expect(ours.status).toBe(401);
  expect(ours.json).toMatchObject({ reason: 'bearer_malformed' });
  expect((await requestWith(rawToken, '/api/auth/get-session')).text).toBe('null');
  const update = await requestWith(rawToken, '/api/auth/update-user', { name: 'Eve' });
  expect(update.status).toBe(401);
});

test('a token with a wrong signature is rejected', async () => {
  const forged = `${rawToken}.${Buffer.alloc(32).toString('base64')}`;
  const ours = await requestWith(forged, '/session');
  expect(ours.status).toBe(401);
  expect(ours.json).toMatchObject({ reason: 'bearer_bad_signature' });
  expect((await requestWith(forged, '/api/auth/get-session')).text).toBe('null');
});

test('a password change with a bearer token ends the other sessions', async () => {
  const phone = await signInElsewhere(service, visitor);
  const body = { currentPassword: visitor.password, newPassword: 'a quite different one' };
  const changed = await requestWith(signedToken, '/api/auth/change-password', body);
  expect(changed.status).toBe(200);
  expect((await phone.ask('/session')).status).toBe(401);
  expect((await requestWith(signedToken, '/session')).status).toBe(401);
  const renewed = changed.headers.get('set-auth-token') ?? '';
  expect((await requestWith(renewed, '/session')).status).toBe(200);
});

test('signing out with a bearer token ends the session immediately', async () => {
  expect((await requestWith(signedToken, '/api/auth/sign-out', {})).json).toEqual({
    success: true,
  });
  const afterwards = await requestWith(signedToken, '/session');
  expect(afterwards.status).toBe(401);
  expect(afterwards.json).toMatchObject({ reason: 'session_signed_out' });
});
