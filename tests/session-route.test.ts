import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { signCookie } from './support/better-call.js';
import { sendRaw } from './support/raw-socket.js';
import { startTestService, testSecret, type TestService } from './support/test-service.js';
import { Visitor } from './support/visitor.js';

let service: TestService;
let visitor: Visitor;
let signInToken: string;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());
beforeEach(async () => {
  visitor = new Visitor(service);
  signInToken = String((await visitor.signUp()).json?.token);
});

test('/session shows session and user, field by field, and no token', async () => {
  const answer = await visitor.ask('/session');
  expect(answer.status).toBe(200);
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string;
  const userId = expect.stringMatching(/^[A-Za-z0-9]{32}$/) as string;
  expect(answer.json).toEqual({
    session: {
      id: userId,
      userId,
      expiresAt: time,
      createdAt: time,
      updatedAt: time,
      ipAddress: visitor.ip,
      userAgent: 'node',
    },
    user: {
      id: userId,
      name: 'A Visitor',
      email: visitor.email,
      emailVerified: false,
      image: null,
      createdAt: time,
      updatedAt: time,
    },
  });
  expect(answer.text).not.toContain(signInToken);
});

test('/session never sets a cookie and never writes, not even where a renewal or a clean-up is due', async () => {
  const snapshot = () =>
    service.database.query(
      `select s.* from session s join "user" u on u.id = user_id where email = $1`,
      [visitor.email],
    );
  const age = (by: string) =>
    service.database.query(
      `update session set expires_at = expires_at - $2::interval, updated_at = now() - $2::interval
       from "user" u where u.id = user_id and email = $1`,
      [visitor.email, by],
    );
  await age('2 days');
  const before = await snapshot();
  const renewable = await visitor.ask('/session');
  expect(renewable.status).toBe(200);
  expect(renewable.setCookies).toEqual([]);
  expect(await snapshot()).toEqual(before);
  await age('6 days');
  const expired = await visitor.ask('/session');
  expect(expired.status).toBe(401);
  expect(expired.json).toMatchObject({ reason: 'session_expired' });
  expect(expired.setCookies).toEqual([]);
  expect(await snapshot()).toHaveLength(1);
});

test('the raw token of the sign-in JSON is no credential, in the cookie or as a bearer token', async () => {
  const name = service.config.cookies.sessionCookieName;
  const stranger = new Visitor(service);
  for (const [headers, reason] of [
    [{ cookie: `${name}=${signInToken}` }, 'unsigned_token'],
    [{ authorization: `Bearer ${signInToken}` }, 'bearer_not_enabled'],
  ] as const) {
    const refused = await stranger.ask('/session', { headers });
    expect(refused.status).toBe(401);
    expect(refused.json).toMatchObject({ code: 'NOT_SIGNED_IN', reason });
    const stock = await stranger.ask('/api/auth/get-session', { headers });
    expect(stock.text).toBe('null');
    const changed = await stranger.ask('/api/auth/update-user', { body: { name: 'Eve' }, headers });
    expect(changed.status).toBe(401);
  }
  expect((await visitor.ask('/session')).json).toMatchObject({ user: { name: 'A Visitor' } });
});

test('a bearer token is no credential unless BEARER_TOKENS is on, even signed', async () => {
  const authorization = `Bearer ${decodeURIComponent(visitor.sessionCookie)}`;
  const stranger = new Visitor(service);
  expect((await stranger.ask('/session', { headers: { authorization } })).status).toBe(401);
  const stock = await stranger.ask('/api/auth/get-session', { headers: { authorization } });
  expect(stock.text).toBe('null');
  expect((await visitor.signIn()).headers.get('set-auth-token')).toBeNull();
});

test('/session answers a condition with the session, never with an empty 304', async () => {
  // Sent by hand: fetch would add `Cache-Control: no-cache`.
  const headers = ['If-None-Match: *', `Cookie: ${visitor.cookieHeader}`];
  const answer = await sendRaw(service, ['GET /session HTTP/1.1', ...headers]);
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toMatchObject({ user: { email: visitor.email } });
});

test('a signed token that PostgreSQL cannot even look for has no session, which is no 503', async () => {
  const value = await signCookie('a\0b', testSecret);
  const headers = { cookie: `better-auth.session_token=${value}` };
  const answer = await new Visitor(service).ask('/session', { headers });
  expect(answer.status).toBe(401);
  expect(answer.json).toMatchObject({ reason: 'session_not_found' });
});
