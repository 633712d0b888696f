/** A secret is rotated while users are signed in: only the operator notices. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, testSecret, type TestService } from '../support/test-service.js';
import { Visitor, type Answer } from '../support/visitor.js';

const newSecret = 'another-secret-that-is-long-enough-9876543210';
const oneSite = { BEARER_TOKENS: 'on' };
const twoSites = {
  BEARER_TOKENS: 'on',
  BETTER_AUTH_URL: 'https://auth.example.com',
  BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.example.org',
};

const sharedDomain = {
  BEARER_TOKENS: 'on',
  BETTER_AUTH_URL: 'https://auth.example.com',
  BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.example.com',
  COOKIE_DOMAIN: 'example.com',
};

describe.each([
  ['one site over http', oneSite, 'http://localhost:3000'],
  ['one site with a shared domain', sharedDomain, 'https://docs.example.com'],
  ['two sites over https', twoSites, 'https://docs.example.org'],
])('on %s', (_name, env, origin) => {
  /** Before the rotation, during it, after a rollback, and with the old secret removed. */
  let before: TestService;
  let after: TestService;
  let rolledBack: TestService;
  let dropped: TestService;
  beforeAll(async () => {
    before = await startTestService({ env });
    const start = (BETTER_AUTH_SECRETS: string) =>
      startTestService({ env: { ...env, BETTER_AUTH_SECRETS }, testDatabase: before.database });
    const withoutOld = { ...env, BETTER_AUTH_SECRET: undefined };
    [after, rolledBack, dropped] = await Promise.all([
      start(`2:${newSecret},1:${testSecret}`),
      start(`1:${testSecret},2:${newSecret}`),
      startTestService({
        env: { ...withoutOld, BETTER_AUTH_SECRETS: `2:${newSecret}` },
        testDatabase: before.database,
      }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([after.stop(), rolledBack.stop(), dropped.stop()]);
    await before.stop();
  });

  /** The same browser, with another deployment. */
  function moved(visitor: Visitor, service: TestService): Visitor {
    const copy = new Visitor(service, origin);
    for (const [name, value] of visitor.cookies) copy.cookies.set(name, value);
    return copy;
  }

  async function signedUp(service = before, rememberMe = true): Promise<Visitor> {
    const visitor = new Visitor(service, origin);
    await visitor.signUp();
    if (rememberMe) return visitor;
    const { email, password } = visitor;
    await visitor.ask('/api/auth/sign-in/email', { body: { email, password, rememberMe } });
    return visitor;
  }

  const reasonOf = (answer: Answer) => answer.headers.get('x-session-reason');

  /** A Set-Cookie line's attributes without its lifetime, sorted. */
  function attributes(line = ''): string[] {
    const [, ...rest] = line.split('; ');
    return rest.filter((attribute) => !/^(?:Max-Age|Expires)=/.test(attribute)).sort();
  }

  const maxAge = (line = '') => Number(/Max-Age=(\d+)/.exec(line)?.[1]);

  test('a cookie of the old secret is accepted by /session and get-session', async () => {
    const visitor = await signedUp();
    for (const path of ['/session', '/api/auth/get-session?disableRefresh=true']) {
      const answer = await moved(visitor, after).ask(path);
      expect(reasonOf(answer)).toBe('valid_previous_secret');
      expect(answer.json).toHaveProperty('user.name', 'A Visitor');
    }
  });

  test('/session does not reissue the cookie', async () => {
    const visitor = moved(await signedUp(), after);
    expect((await visitor.ask('/session')).setCookies).toEqual([]);
  });

  test('get-session reissues the cookie, with the attributes of sign-up', async () => {
    const visitor = new Visitor(before, origin);
    const [atSignUp] = (await visitor.signUp()).setCookies;
    const later = moved(visitor, after);
    const { setCookies } = await later.getSession();
    expect(setCookies).toHaveLength(1);
    expect(attributes(setCookies[0])).toEqual(attributes(atSignUp));
    expect(later.sessionCookie).not.toBe(visitor.sessionCookie);
    expect(reasonOf(await later.getSession())).toBe('valid');
    expect(reasonOf(await moved(later, dropped).ask('/session'))).toBe('valid');
  });

  test('the new cookie expires with the session, not after a full lifetime', async () => {
    const visitor = await signedUp();
    await before.database.query(
      `update session set expires_at = expires_at - interval '20 hours'
       from "user" u where u.id = user_id and email = $1`,
      [visitor.email],
    );
    const { setCookies } = await moved(visitor, after).getSession();
    const expected = 7 * 86_400 - 20 * 3600;
    expect(maxAge(setCookies[0])).toBeGreaterThan(expected - 60);
    expect(maxAge(setCookies[0])).toBeLessThanOrEqual(expected);
  });

  test('if the session is due for a refresh, only the refreshed cookie is set', async () => {
    const visitor = await signedUp();
    await before.database.query(
      `update session set expires_at = expires_at - interval '2 days'
       from "user" u where u.id = user_id and email = $1`,
      [visitor.email],
    );
    const later = moved(visitor, after);
    const { setCookies } = await later.getSession();
    expect(setCookies.map(maxAge)).toEqual([7 * 86_400]);
    expect(reasonOf(await later.getSession())).toBe('valid');
  });

  test('a browser with "don’t remember me" gets both cookies without Max-Age', async () => {
    const visitor = await signedUp(before, false);
    const later = moved(visitor, after);
    const { setCookies } = await later.getSession();
    expect(setCookies).toHaveLength(2);
    expect(setCookies.join()).not.toMatch(/Max-Age|Expires/);
    const [row] = await before.database.query<{ hours: number }>(
      `select round(extract(epoch from expires_at - now()) / 3600)::int as hours
       from session join "user" u on u.id = user_id where email = $1`,
      [visitor.email],
    );
    expect(row?.hours).toBe(24); // and no request has extended it to a week
    const last = moved(later, dropped);
    expect((await last.getSession()).setCookies).toEqual([]);
  });

  test('every other endpoint accepts it and reissues it too', async () => {
    const visitor = await signedUp();
    const list = moved(visitor, after);
    const listed = await list.ask('/api/auth/list-sessions');
    expect(listed.json).toHaveLength(1);
    expect(reasonOf(await moved(list, dropped).ask('/session'))).toBe('valid');
    const rename = moved(visitor, after);
    expect((await rename.ask('/api/auth/update-user', { body: { name: 'B' } })).status).toBe(200);
    expect(reasonOf(await moved(rename, dropped).ask('/session'))).toBe('valid');
  });

  test('sign-out with it ends the session and clears the cookie', async () => {
    const visitor = moved(await signedUp(), after);
    const cookie = visitor.cookieHeader;
    const { status, setCookies } = await visitor.signOut();
    expect(status).toBe(200);
    expect(setCookies.filter((line) => !line.includes('Max-Age=0'))).toEqual([]);
    expect(reasonOf(await visitor.ask('/session', { headers: { cookie } }))).toBe(
      'session_signed_out',
    );
  });

  test('the cookie of an ended session is not reissued', async () => {
    const visitor = await signedUp();
    await moved(visitor, after).signOut();
    const { setCookies } = await moved(visitor, after).getSession();
    expect(setCookies.filter((line) => !line.includes('Max-Age=0'))).toEqual([]);
  });

  test.each(['revoke-session', 'revoke-sessions'])(
    'a request that ends the session, such as %s, reissues nothing and clears the cookies',
    async (endpoint) => {
      const visitor = moved(await signedUp(), after);
      const token = decodeURIComponent(visitor.sessionCookie).split('.')[0];
      const cookie = visitor.cookieHeader;
      const answer = await visitor.ask(`/api/auth/${endpoint}`, { body: { token } });
      const prefix = origin.startsWith('https:') ? '__Secure-' : '';
      const cleared = ['session_token', 'session_data', 'dont_remember'].map(
        (name) => `${prefix}better-auth.${name}=; Max-Age=0`,
      );
      const handedOut = answer.setCookies.map((line) => line.split('; ').slice(0, 2).join('; '));
      expect([answer.status, handedOut]).toEqual([200, cleared]);
      expect(answer.headers.get('set-auth-token')).toBeNull();
      expect(reasonOf(await visitor.ask('/session', { headers: { cookie } }))).toBe(
        'session_revoked',
      );
    },
  );

  test('a rejected request reissues nothing', async () => {
    const visitor = moved(await signedUp(), after);
    const refused = await visitor.ask('/api/auth/update-user', { body: { email: 'x@y.z' } });
    expect(refused.status).toBe(400);
    expect(refused.setCookies).toEqual([]);
  });

  test('a bearer token of the old secret is accepted and reissued in set-auth-token', async () => {
    const token = (await new Visitor(before, origin).signUp()).headers.get('set-auth-token');
    const ask = (service: TestService, path: string, value: unknown) =>
      new Visitor(service, origin).ask(path, {
        headers: { authorization: `Bearer ${String(value)}` },
      });
    expect(reasonOf(await ask(after, '/session', token))).toBe('valid_previous_secret');
    const answer = await ask(after, '/api/auth/get-session', token);
    expect(answer.json).toHaveProperty('user.name', 'A Visitor');
    expect(answer.setCookies).toEqual([]);
    const successor = answer.headers.get('set-auth-token');
    expect(reasonOf(await ask(dropped, '/session', successor))).toBe('valid');
    expect(reasonOf(await ask(dropped, '/session', token))).toBe('bearer_bad_signature');
  });

  test('a bearer token that is not accepted is not reissued and does not override the cookie', async () => {
    const token = (await new Visitor(before, origin).signUp()).headers.get('set-auth-token') ?? '';
    const headers = { authorization: `Bearer ${token.replace('.', '%2E')}` };
    const onlyBearer = await new Visitor(after, origin).ask('/api/auth/get-session', { headers });
    expect([onlyBearer.text, reasonOf(onlyBearer)]).toEqual(['null', 'bearer_malformed']);
    const other = await signedUp();
    const withCookie = await moved(other, after).ask('/api/auth/get-session', { headers });
    expect(withCookie.json).toMatchObject({ user: { email: other.email } });
    expect(reasonOf(withCookie)).toBe('valid_previous_secret');
  });

  test('a rollback works in the same way', async () => {
    const visitor = await signedUp(after);
    const back = moved(visitor, rolledBack);
    expect(reasonOf(await back.getSession())).toBe('valid_previous_secret');
    expect(reasonOf(await moved(back, before).getSession())).toBe('valid');
  });

  test('after removing the old secret its cookies are bad_signature', async () => {
    const visitor = moved(await signedUp(), dropped);
    const answer = await visitor.ask('/session');
    expect([answer.status, reasonOf(answer)]).toEqual([401, 'bad_signature']);
    expect((await visitor.getSession()).text).toBe('null');
  });

  test('the log line of a reissued credential has the version that signed it', async () => {
    const visitor = moved(await signedUp(), after);
    const id = (await visitor.getSession()).headers.get('x-request-id');
    const line = await after.logLine(({ requestId, msg }) => requestId === id && msg === 'request');
    expect(line).toMatchObject({ secretVersion: 1, reissued: true });
  });
});
