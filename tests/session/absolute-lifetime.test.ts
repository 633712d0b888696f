/** A session ends SESSION_ABSOLUTE_DAYS after sign-in, however often it is used: in the row, the cookie and every response. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

const hour = 3600;
const day = 24 * hour;

let service: TestService;
/** The same database, with a limit that was lowered to ten days. */
let stricter: TestService;
let visitor: Visitor;
beforeAll(async () => {
  service = await startTestService();
  stricter = await startTestService({
    env: { SESSION_ABSOLUTE_DAYS: '10' },
    testDatabase: service.database,
  });
});
afterAll(async () => {
  await stricter.stop();
  await service.stop();
});
beforeEach(async () => {
  visitor = new Visitor(service);
  await visitor.signUp();
});

/** Sets when the user's session was created and expires, in seconds from now. */
async function setTimes(createdIn: number, expiresIn: number): Promise<void> {
  await service.database.query(
    `update session set created_at = now() + $2 * interval '1 second',
       expires_at = now() + $3 * interval '1 second'
     from "user" u where u.id = user_id and email = $1`,
    [visitor.email, createdIn, expiresIn],
  );
}

/** Seconds until the row expires; undefined if it does not exist. */
async function secondsLeft(): Promise<number | undefined> {
  const [row] = await service.database.query<{ seconds: number }>(
    `select extract(epoch from expires_at - now())::float as seconds
     from session join "user" u on u.id = user_id where email = $1`,
    [visitor.email],
  );
  return row?.seconds;
}

const updatedAt = () =>
  service.database.query(
    'select session.updated_at from session join "user" u on u.id = user_id where email = $1',
    [visitor.email],
  );

const maxAge = (line = '') => Number(/Max-Age=(\d+)/.exec(line)?.[1]);

function atStricter(): Visitor {
  const copy = new Visitor(stricter);
  for (const [name, value] of visitor.cookies) copy.cookies.set(name, value);
  return copy;
}

test.each([
  ['get-session', '/api/auth/get-session'],
  ['another endpoint', '/api/auth/list-accounts'],
])(
  'a refresh by %s is capped at the absolute expiry, in the row and in the cookie',
  async (_, path) => {
    await setTimes(-27 * day, 2 * day);
    const answer = await visitor.ask(path);
    expect(answer.status).toBe(200);
    const left = await secondsLeft();
    expect(left).toBeGreaterThan(3 * day - 60);
    expect(left).toBeLessThanOrEqual(3 * day);
    expect(answer.setCookies).toHaveLength(1);
    expect(maxAge(answer.setCookies[0])).toBeGreaterThan(3 * day - 60);
    expect(maxAge(answer.setCookies[0])).toBeLessThanOrEqual(3 * day);
  },
);

test.each([
  ['get-session', '/api/auth/get-session'],
  ['get-session by BetterAuth', '/api/auth/get-session?disableCookieCache=true'],
  ['another endpoint', '/api/auth/list-accounts'],
])('where nothing is left to extend, %s writes nothing and sets no cookie', async (_, path) => {
  await setTimes(-28 * day, 2 * day);
  const before = await updatedAt();
  const answer = await visitor.ask(path);
  expect(answer.status).toBe(200);
  expect(answer.setCookies).toEqual([]);
  expect(await updatedAt()).toEqual(before);
});

test('a cookie that BetterAuth sets in other responses does not outlive the session either', async () => {
  await setTimes(-28 * day, 2 * day);
  const renamed = await visitor.ask('/api/auth/update-user', { body: { name: 'B' } });
  expect(maxAge(renamed.setCookies[0])).toBeLessThanOrEqual(2 * day);
  expect(maxAge(renamed.setCookies[0])).toBeGreaterThan(2 * day - 60);
  await setTimes(-27 * day, 2 * day); // due for a refresh, whose cookie the rejection then has
  const refused = await visitor.ask('/api/auth/update-user', { body: { email: 'x@y.z' } });
  expect(refused.status).toBe(400);
  expect(refused.setCookies.map(maxAge).filter((seconds) => seconds > 3 * day)).toEqual([]);
});

test('a new session that replaces one near its absolute expiry has the full lifetime', async () => {
  await setTimes(-27 * day, 2 * day);
  const { password } = visitor;
  const changed = await visitor.ask('/api/auth/change-password', {
    body: { currentPassword: password, newPassword: `${password}-new` },
  });
  expect(maxAge(changed.setCookies.at(-1))).toBe(7 * day);
  expect(await secondsLeft()).toBeGreaterThan(7 * day - 60);
});

test('a cookie is cleared near the absolute expiry too', async () => {
  await setTimes(-27 * day, 2 * day);
  await visitor.ask('/api/auth/delete-user', { body: { password: visitor.password } });
  expect(visitor.cookies.size).toBe(0);
});

test.each([
  [
    'ends never',
    "created_at = now() - interval '31 days', expires_at = 'infinity'",
    'session_absolute',
  ],
  ['began never', "created_at = '-infinity'", 'session_idle'],
])('a row that %s is no session', async (_, times, reason) => {
  await service.database.query(
    `update session set ${times} from "user" u where u.id = user_id and email = $1`,
    [visitor.email],
  );
  expect((await visitor.ask('/session')).json).toMatchObject({ reason });
  const cookie = visitor.cookieHeader;
  expect((await visitor.getSession()).text).toBe('null');
  // BetterAuth has deleted the row.
  const deleted = await visitor.ask('/session', { headers: { cookie } });
  expect([deleted.status, deleted.json?.reason]).toEqual([401, reason]);
});

test('an ordinary refresh extends by the full idle timeout', async () => {
  await setTimes(-10 * day, 2 * day);
  const { setCookies } = await visitor.getSession();
  expect(setCookies.map(maxAge)).toEqual([7 * day]);
  expect(await secondsLeft()).toBeGreaterThan(7 * day - 60);
});

test('a lowered limit ends older sessions: /session says so, and the log names the setting', async () => {
  await setTimes(-11 * day, 5 * day);
  const answer = await atStricter().ask('/session');
  expect(answer.status).toBe(401);
  expect(answer.json).toMatchObject({ reason: 'session_absolute' });
  const id = answer.headers.get('x-request-id');
  const line = await stricter.logLine(
    ({ requestId, msg }) => requestId === id && msg === 'request',
  );
  expect(line.hint).toContain('SESSION_ABSOLUTE_DAYS');
  expect((await visitor.ask('/session')).status).toBe(200);
});

test('a lowered limit ends them for all other endpoints, and get-session clears cookie and row', async () => {
  await setTimes(-11 * day, 5 * day);
  const update = { body: { name: 'B' } };
  expect((await atStricter().ask('/api/auth/update-user', update)).status).toBe(401);
  await visitor.signIn();
  await setTimes(-11 * day, 5 * day);
  const answer = await atStricter().getSession();
  expect(answer.text).toBe('null');
  expect(answer.setCookies[0]).toContain('Max-Age=0');
  expect(await secondsLeft()).toBeUndefined();
});

test('list-sessions shows the expiry of a lowered limit, and omits sessions that it has ended', async () => {
  await setTimes(-9 * day, 5 * day);
  const { json } = await atStricter().ask('/session');
  const { session } = json as { session: { expiresAt: string } };
  const left = (Date.parse(session.expiresAt) - Date.now()) / 1000;
  expect(left).toBeLessThanOrEqual(day);
  expect(left).toBeGreaterThan(day - 60);
  const other = new Visitor(stricter);
  await other.ask('/api/auth/sign-in/email', {
    body: { email: visitor.email, password: visitor.password },
  });
  expect((await other.ask('/api/auth/list-sessions')).json).toHaveLength(2);
  await service.database.query(
    `update session set created_at = session.created_at - interval '2 days'
     from "user" u where u.id = user_id and email = $1
       and session.created_at < now() - interval '1 day'`,
    [visitor.email],
  );
  expect((await other.ask('/api/auth/list-sessions')).json).toHaveLength(1);
});

test('SESSION_IDLE_DAYS sets the lifetime of a new session, up to the absolute limit', async () => {
  const env = { SESSION_IDLE_DAYS: '2' };
  const short = await startTestService({ env, testDatabase: service.database });
  const brief = await startTestService({
    env: { SESSION_ABSOLUTE_DAYS: '1' },
    testDatabase: service.database,
  });
  try {
    expect((await new Visitor(short).signUp()).setCookies.map(maxAge)).toEqual([2 * day]);
    expect((await new Visitor(brief).signUp()).setCookies.map(maxAge)).toEqual([day]);
  } finally {
    await Promise.all([short.stop(), brief.stop()]);
  }
});
