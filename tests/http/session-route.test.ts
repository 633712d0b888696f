import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { signCookie } from '../support/better-call.js';
import { sendRaw } from '../support/raw-socket.js';
import { startTestService, testSecret, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

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
      aal: 1,
      methods: [{ method: 'password', provenAt: time }],
      provenAt: time,
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

test('/session never sets a cookie and never writes, even if a refresh or a clean-up is due', async () => {
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
  expect(expired.json).toMatchObject({ reason: 'session_idle' });
  expect(expired.setCookies).toEqual([]);
  expect(await snapshot()).toHaveLength(1);
});

test('the raw token of the sign-in JSON is not a credential, neither as cookie nor as bearer token', async () => {
  const name = service.config.cookies.sessionCookieName;
  const anonymous = new Visitor(service);
  for (const [headers, reason] of [
    [{ cookie: `${name}=${signInToken}` }, 'unsigned_token'],
    [{ authorization: `Bearer ${signInToken}` }, 'bearer_not_enabled'],
  ] as const) {
    const refused = await anonymous.ask('/session', { headers });
    expect(refused.status).toBe(401);
    expect(refused.json).toMatchObject({ code: 'NOT_SIGNED_IN', reason });
    const stock = await anonymous.ask('/api/auth/get-session', { headers });
    expect(stock.text).toBe('null');
    const changed = await anonymous.ask('/api/auth/update-user', {
      body: { name: 'Eve' },
      headers,
    });
    expect(changed.status).toBe(401);
  }
  expect((await visitor.ask('/session')).json).toMatchObject({ user: { name: 'A Visitor' } });
});

test('a signed bearer token is rejected unless BEARER_TOKENS is on', async () => {
  const authorization = `Bearer ${decodeURIComponent(visitor.sessionCookie)}`;
  const anonymous = new Visitor(service);
  expect((await anonymous.ask('/session', { headers: { authorization } })).status).toBe(401);
  const stock = await anonymous.ask('/api/auth/get-session', { headers: { authorization } });
  expect(stock.text).toBe('null');
  expect((await visitor.signIn()).headers.get('set-auth-token')).toBeNull();
});

test('/session answers conditional requests with the session, never with an empty 304', async () => {
  // Sent over a raw socket: fetch would add `Cache-Control: no-cache`.
  const headers = ['If-None-Match: *', `Cookie: ${visitor.cookieHeader}`];
  const answer = await sendRaw(service, ['GET /session HTTP/1.1', ...headers]);
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toMatchObject({ user: { email: visitor.email } });
});

test('a signed token that PostgreSQL cannot represent has no session, and is not a 503', async () => {
  const value = await signCookie('a\0b', testSecret);
  const headers = { cookie: `better-auth.session_token=${value}` };
  const answer = await new Visitor(service).ask('/session', { headers });
  expect(answer.status).toBe(401);
  expect(answer.json).toMatchObject({ reason: 'session_not_found' });
});
