import { beforeEach, describe, expect, test } from 'vitest';
import { signInElsewhere } from '../support/other-browser.js';
import { startTestService, testSecret, type TestService } from '../support/test-service.js';
import { useVisitor } from '../support/use-service.js';
import { Visitor, type Answer } from '../support/visitor.js';

let service: TestService;
let visitor: Visitor;
let name: string;
/** Cookies `name=value`: of an ended session, of two active ones, and of an unknown one. */
let dead: string;
let alive: string;
let phone: string;
const forged = () => `${name}=${'x'.repeat(32)}.${encodeURIComponent(`${'A'.repeat(43)}=`)}`;

useVisitor((started) => ({ service, visitor } = started));
beforeEach(async () => {
  [name = ''] = visitor.cookies.keys();
  dead = visitor.cookieHeader;
  await visitor.signOut();
  await visitor.signIn();
  alive = visitor.cookieHeader;
  phone = (await signInElsewhere(service, visitor)).cookieHeader;
});

function ask(cookies: readonly string[], path: string, body?: unknown): Promise<Answer> {
  return new Visitor(service).ask(path, { body, headers: { cookie: cookies.join('; ') } });
}

async function reasonFor(...cookies: string[]): Promise<string | null> {
  return (await ask(cookies, '/session')).headers.get('x-session-reason');
}

const tokenOf = (cookie: string) => decodeURIComponent(cookie.split('=')[1] ?? '').split('.')[0];

/** The token of the session that both get-session and /session return. */
async function tokenThatCounts(...cookies: string[]): Promise<unknown> {
  const { json, setCookies } = await ask(cookies, '/api/auth/get-session');
  expect(setCookies).toEqual([]);
  const byServer = (await ask(cookies, '/session')).json as { session?: { id: string } } | null;
  const session = json?.session as { id: string; token: string } | undefined;
  expect(byServer?.session?.id).toBe(session?.id);
  return session?.token;
}

test('of two cookies the one with an active session counts, in either order', async () => {
  expect(await reasonFor(dead, alive)).toBe('valid');
  expect(await reasonFor(alive, dead)).toBe('valid');
  expect(await tokenThatCounts(dead, alive)).toBe(tokenOf(alive));
  expect(await tokenThatCounts(alive, dead)).toBe(tokenOf(alive));
  const cookies = [forged(), dead, 'theme=dark', `${dead}x`, alive, forged(), dead];
  expect(await tokenThatCounts(...cookies)).toBe(tokenOf(alive));
  expect(await tokenThatCounts(dead, phone, alive)).toBe(tokenOf(phone));
});

test('the log line has the number of cookies and which one counted', async () => {
  const answer = await ask([dead, alive], '/session');
  const requestId = answer.headers.get('x-request-id');
  const line = await service.logLine((one) => one.requestId === requestId);
  expect(line).toMatchObject({ reason: 'valid', hint: '2 cookies of this name, number 2 counts' });
});

test('if no session is active, the one that ended last decides, and only then the cookie is cleared', async () => {
  const userId = 'user_id = (select id from "user" where email = $1)';
  await service.database.query(
    `update session set expires_at = now() - interval '1 hour' where ${userId}`,
    [visitor.email],
  );
  expect(await reasonFor(dead, alive)).toBe('session_signed_out');
  expect(await reasonFor(alive)).toBe('session_idle');
  const { json, setCookies } = await ask([dead, alive], '/api/auth/get-session');
  expect(json).toBeNull();
  expect(setCookies[0]).toMatch(new RegExp(`^${name}=; Max-Age=0`));
});

test('the first does not verify and one other does: duplicate_cookies, and no cookie is cleared', async () => {
  expect(await reasonFor(forged(), alive)).toBe('duplicate_cookies');
  const { json, setCookies } = await ask([forged(), alive], '/api/auth/get-session');
  expect([json, setCookies]).toEqual([null, []]);
});

describe("BetterAuth's endpoints act for the session that counts", () => {
  test('list-sessions', async () => {
    const { status, json } = await ask([dead, alive], '/api/auth/list-sessions');
    expect(status).toBe(200);
    expect(json).toHaveLength(2);
  });

  test('update-user', async () => {
    const answer = await ask([dead, alive], '/api/auth/update-user', { name: 'Renamed' });
    expect(answer.status).toBe(200);
    expect((await ask([alive], '/session')).json).toMatchObject({ user: { name: 'Renamed' } });
  });

  test('revoke-other-sessions keeps only that session', async () => {
    expect((await ask([dead, alive], '/api/auth/revoke-other-sessions', {})).status).toBe(200);
    expect([await reasonFor(alive), await reasonFor(phone)]).toEqual(['valid', 'session_revoked']);
  });

  test('change-password', async () => {
    const { password: currentPassword } = visitor;
    const body = { currentPassword, newPassword: 'another long password' };
    const answer = await ask([dead, alive], '/api/auth/change-password', body);
    expect(answer.status).toBe(200);
    expect([await reasonFor(alive), await reasonFor(phone)]).toEqual([
      'session_ended_by_password_change',
      'session_ended_by_password_change',
    ]);
  });

  test('sign-out ends every session whose cookie was sent, and no other', async () => {
    const tablet = (await signInElsewhere(service, visitor)).cookieHeader;
    expect((await ask([dead, alive, phone], '/api/auth/sign-out', {})).json).toEqual({
      success: true,
    });
    expect([await reasonFor(alive), await reasonFor(phone)]).toEqual([
      'session_signed_out',
      'session_signed_out',
    ]);
    expect(await reasonFor(tablet)).toBe('valid');
  });

  test('a sign-in replaces every session whose cookie was sent', async () => {
    const { email, password } = visitor;
    const cookies = [dead, alive, phone];
    expect((await ask(cookies, '/api/auth/sign-in/email', { email, password })).status).toBe(200);
    expect([await reasonFor(alive), await reasonFor(phone)]).toEqual([
      'session_replaced',
      'session_replaced',
    ]);
  });
});

test('all sessions are looked up in one statement', async () => {
  const { pool } = service;
  const original = pool.connect.bind(pool);
  let connections = 0;
  pool.connect = ((...args: never[]) => {
    connections += 1;
    return (original as (...args: never[]) => unknown)(...args);
  }) as typeof pool.connect;
  expect(await reasonFor(dead, forged(), alive, phone)).toBe('valid');
  pool.connect = original;
  expect(connections).toBe(1);
});

test('a cookie signed with an older secret counts too, and is reissued', async () => {
  const rotated = await startTestService({
    env: {
      BETTER_AUTH_SECRET: undefined,
      BETTER_AUTH_SECRETS: `1:a-newer-secret-that-is-long-enough-012345,0:${testSecret}`,
    },
    testDatabase: service.database,
  });
  const cookie = `${dead}; ${alive}`;
  const answer = await new Visitor(rotated).ask('/api/auth/get-session', { headers: { cookie } });
  await rotated.stop();
  expect(answer.headers.get('x-session-reason')).toBe('valid_previous_secret');
  expect(answer.json).toMatchObject({ session: { token: tokenOf(alive) } });
  expect(answer.setCookies).toHaveLength(1);
  expect(decodeURIComponent(answer.setCookies[0] ?? '')).toContain(String(tokenOf(alive)));
});

const isOfSession = (line: string) => line.includes('session_token=');

describe('older variants of the cookie are expired', () => {
  const domain = {
    BETTER_AUTH_URL: 'https://auth.eu.example.com',
    BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.example.com',
    COOKIE_DOMAIN: 'example.com',
  };
  const secure = '__Secure-better-auth.session_token';
  const origin = 'https://docs.example.com';
  const expired = (attributes: string) =>
    `${secure}=; Max-Age=0; ${attributes}; HttpOnly; Secure; SameSite=None`;

  test('by a sign-in with a cookie: all except the one that it sets, which is last', async () => {
    const site = await startTestService({ env: domain });
    const visitor = new Visitor(site, origin);
    await visitor.signUp();
    const { setCookies: all } = await visitor.signIn();
    const setCookies = all.filter(isOfSession);
    await site.stop();
    expect(setCookies.slice(0, -1)).toEqual([
      expired('Path=/'),
      `${expired('Path=/')}; Partitioned`,
      expired('Domain=auth.eu.example.com; Path=/'),
      `${expired('Domain=auth.eu.example.com; Path=/')}; Partitioned`,
      expired('Domain=eu.example.com; Path=/'),
      `${expired('Domain=eu.example.com; Path=/')}; Partitioned`,
      `${expired('Domain=example.com; Path=/')}; Partitioned`,
    ]);
    expect(setCookies.at(-1)).toMatch(
      /^__Secure-.*; Max-Age=604800; Domain=example\.com; Path=\/;/,
    );
  });

  test.each(['sign-out', 'revoke-sessions'])('by a %s with several cookies', async (endpoint) => {
    const env = { ...domain, COOKIE_DOMAIN: undefined };
    const site = await startTestService({ env });
    const visitor = new Visitor(site, origin);
    await visitor.signUp();
    const cookie = `${visitor.cookieHeader}; ${secure}=older`;
    const { setCookies } = await visitor.ask(`/api/auth/${endpoint}`, {
      body: {},
      headers: { cookie },
    });
    await site.stop();
    const ofSession = setCookies.filter((line) => line.startsWith(`${secure}=`));
    expect(ofSession).toContain(`${secure}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax`);
    expect(ofSession).toContain(expired('Domain=example.com; Path=/'));
    expect(ofSession).toContain(`${expired('Path=/')}; Partitioned`);
    expect(ofSession).toHaveLength(8);
  });

  test.each(['http://127.0.0.1:3001', 'http://localhost:3001'])(
    'none can exist at %s, which supports neither Domain nor Partitioned',
    async (url) => {
      const env = { BETTER_AUTH_URL: url, BETTER_AUTH_TRUSTED_ORIGINS: url };
      const site = await startTestService({ env });
      const visitor = new Visitor(site, url);
      await visitor.signUp();
      const { setCookies } = await visitor.signIn();
      await site.stop();
      expect(setCookies.filter(isOfSession)).toHaveLength(1);
    },
  );
});
