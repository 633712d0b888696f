/** Stories of sessions: how they ended, and how their cookies get lost. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createUsers } from '../../../../src/operator/users.js';
import { signToken, tokenFingerprint } from '../../../../src/session/signed-token.js';
import { Browser, explain, expectStory } from '../../../support/explain.js';
import { startTestService, testSecret, type TestService } from '../../../support/test-service.js';

let service: TestService;
let user: Browser;

beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());
beforeEach(async () => {
  user = new Browser(service);
  expect((await user.signUp()).status).toBe(200);
});

const of = ({ email }: { readonly email: string }) => ({ email });

/** The same person in another browser. */
async function onPhone(): Promise<Browser> {
  const phone = Object.assign(new Browser(service), { email: user.email, password: user.password });
  expect((await phone.signIn()).status).toBe(200);
  return phone;
}

/** The browser's cookie after the service expired it, such as in a second tab or an API. */
async function keepingCookies(work: () => Promise<unknown>): Promise<void> {
  const cookies = new Map(user.cookies);
  await work();
  for (const [name, value] of cookies) user.cookies.set(name, value);
}

const tokenOf = (browser: Browser) => decodeURIComponent(browser.sessionCookie).split('.')[0] ?? '';

/** A request with this cookie header. @returns its reason */
async function check(cookie: string, headers: Record<string, string> = {}): Promise<string | null> {
  const response = await user.ask('/session', { headers: { cookie, ...headers } });
  return response.headers.get('x-session-reason');
}

const cookieName = () =>
  [...user.cookies.keys()].find((name) => name.endsWith('session_token')) ?? '';

test('a user who is signed in', async () => {
  const story = await expectStory(service, 'a user who is signed in', of(user));
  expect(story.user).toMatchObject({ email: user.email });
  expect(story.events.map(({ kind, outcome }) => [kind, outcome])).toEqual([
    ['sign_in', 'success'],
    ['sign_up', 'success'],
  ]);
  expect(story.events[0]?.sentence).toContain('from Firefox (Linux)');
});

test('a user who signed up and out', async () => {
  await user.signOut();
  await expectStory(service, 'a user who signed up and out', of(user));
});

test('a session that another device ended', async () => {
  const phone = await onPhone();
  await phone.ask('/api/auth/revoke-other-sessions', { body: {} });
  expect((await user.ask('/session')).status).toBe(401);
  const { diagnosis } = await expectStory(service, 'a session that another device ended', of(user));
  expect(diagnosis.sentence).toContain('Firefox on Linux');
});

test('a caller with an older copy of the cookie', async () => {
  await keepingCookies(() => user.signIn());
  expect((await user.ask('/session')).headers.get('x-session-reason')).toBe('session_replaced');
  await expectStory(service, 'a caller with an older copy of the cookie', of(user));
});

test('a session ended by a change of the password', async () => {
  const phone = await onPhone();
  const changed = await phone.ask('/api/auth/change-password', {
    body: {
      currentPassword: user.password,
      newPassword: 'a-new-password-0123',
      revokeOtherSessions: true,
    },
  });
  expect(changed.status).toBe(200);
  await user.ask('/session');
  await expectStory(service, 'a session ended by a change of the password', of(user));
});

test('a session ended by an operator', async () => {
  const users = createUsers(service.orm, 30 * 86_400);
  const found = await users.find(user.email);
  await users.signOut(found?.id ?? '');
  await user.ask('/session');
  await expectStory(service, 'a session ended by an operator', of(user));
});

test.each([
  [
    'a session that was not used for too long',
    'session_idle',
    `expires_at = now() - interval '1 minute'`,
  ],
  ['a session that was too old', 'session_absolute', `created_at = now() - interval '31 days'`],
] as const)('%s', async (title, reason, change) => {
  await service.database.query(`update session set ${change} where token = $1`, [tokenOf(user)]);
  expect((await user.ask('/session')).headers.get('x-session-reason')).toBe(reason);
  await expectStory(service, title, of(user));
});

test.each([
  ['a cookie that is cut short', 'malformed_cookie', (value: string) => value.slice(0, 60)],
  [
    'a cookie that is encoded twice',
    'double_encoded',
    (value: string) => encodeURIComponent(value),
  ],
] as const)('%s', async (title, reason, tamper) => {
  expect(await check(`${cookieName()}=${tamper(user.sessionCookie)}`)).toBe(reason);
  await expectStory(service, title, of(user));
});

test('a cookie whose plus signs became spaces', async () => {
  while (!user.sessionCookie.includes('%2B')) await user.signIn();
  const value = user.sessionCookie.replaceAll('%2B', ' ');
  expect(await check(`${cookieName()}=${value}`)).toBe('plus_became_space');
  await expectStory(service, 'a cookie whose plus signs became spaces', of(user));
});

test('cookies joined by commas', async () => {
  expect(await check(`theme=dark, ${cookieName()}=${user.sessionCookie}`)).toBe('cookies_joined');
  await expectStory(service, 'cookies joined by commas', of(user));
});

test('the token of the JSON in place of the cookie', async () => {
  expect(await check(`${cookieName()}=${tokenOf(user)}`)).toBe('unsigned_token');
  await expectStory(service, 'the token of the JSON in place of the cookie', of(user));
});

test('a bearer token where none is accepted', async () => {
  const authorization = `Bearer ${decodeURIComponent(user.sessionCookie)}`;
  user.cookies.clear();
  const { headers } = await user.ask('/session', { headers: { authorization } });
  expect(headers.get('x-session-reason')).toBe('bearer_not_enabled');
  await expectStory(service, 'a bearer token where none is accepted', of(user));
});

test('a session that this database never had', async () => {
  await service.database.query('delete from session where token = $1', [tokenOf(user)]);
  expect((await user.ask('/session')).headers.get('x-session-reason')).toBe('session_not_found');
  await expectStory(service, 'a session that this database never had', of(user));
});

test('an older cookie that hides the valid one', async () => {
  const other = signToken('A'.repeat(32), {
    version: 1,
    value: 'another-secret-of-32-characters-0',
  });
  const reason = await check(
    `${cookieName()}=${encodeURIComponent(other)}; ${cookieName()}=${user.sessionCookie}`,
  );
  expect(reason).toBe('duplicate_cookies');
  await expectStory(service, 'an older cookie that hides the valid one', of(user));
});

test.each([
  ['a page on another site whose cookie is blocked', 'cross-site'],
  ['a page that does not send the cookie', 'same-site'],
] as const)('%s', async (title, fetchSite) => {
  // As visitors who are not signed in: it is no sign of a lost cookie.
  user.fetchSite = fetchSite;
  user.cookies.clear();
  await user.signIn();
  const { cookies } = user;
  const kept = new Map(cookies);
  cookies.clear();
  // Of another page, which is not counted with those of the newest.
  await user.ask('/session', { origin: 'https://other.example' });
  await user.getSession();
  await user.getSession();
  const { diagnosis } = await expectStory(service, title, of(user));
  const [all] = await service.database.query<{ count: number }>(
    `select sum(count)::int as count from audit_event where kind = 'session_check' and user_id is null
     and reason = 'no_credential' and site = 'http://localhost:3000'`,
  );
  expect(all?.count).toBeGreaterThan(1);
  expect(diagnosis.sentence).toContain(
    `; 2 checks without a cookie on http://localhost:3000; ${all?.count} such checks by all visitors, in the last 3 days`,
  );
  expect(diagnosis.sentence).not.toContain('began');
  for (const [name, value] of kept) cookies.set(name, value);
});

test('checks without a cookie before the sign-in, or after the sign-out, are no sign of a lost one', async () => {
  const visitor = new Browser(service);
  await visitor.getSession();
  await visitor.signUp();
  await service.audit?.flush();
  expect((await explain(service, of(visitor))).diagnosis.code).toBe('signed_in');
  await visitor.signOut();
  await visitor.getSession();
  await service.audit?.flush();
  expect((await explain(service, of(visitor))).diagnosis.code).toBe('session_signed_out');
});

test('an API that never gets the cookie', async () => {
  const api = await fetch(`${service.url}/session`, { headers: { cookie: 'theme=dark' } });
  expect(api.headers.get('x-session-reason')).toBe('no_credential');
  await expectStory(service, 'an API that never gets the cookie', of(user));
});

test('is found by the fingerprint of a session, by a request id and by the id of the user', async () => {
  const { json } = await user.ask('/session');
  const { id } = json?.user as { id: string };
  const refused = await user.signIn('not-the-password');
  await service.audit?.flush();
  for (const subject of [
    { session: tokenFingerprint(tokenOf(user)) },
    { id: refused.headers.get('x-request-id') ?? '' },
    { id },
  ]) {
    expect((await explain(service, subject)).user, JSON.stringify(subject)).toMatchObject({ id });
  }
});

test('an id that nothing has is not found', async () => {
  const story = await explain(service, { id: 'nothing-has-this-id' });
  expect(story).toMatchObject({ user: null, events: [], diagnosis: { code: 'nothing_found' } });
});

test('has neither tokens nor the secret nor a hash in it', async () => {
  await user.signIn('not-the-password');
  const text = JSON.stringify(await explain(service, of(user)));
  const [row] = await service.database.query<{ password: string }>(
    'select password from account join "user" u on u.id = user_id where email = $1',
    [user.email],
  );
  for (const secret of [tokenOf(user), testSecret, row?.password ?? '']) {
    expect(text).not.toContain(secret);
  }
});
