/** Which get-session is answered without BetterAuth, and that nobody can tell. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createFaultyNetwork, type FaultyNetwork } from './support/faulty-network.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';
import { startTestService, type TestService } from './support/test-service.js';
import { Visitor, type Answer } from './support/visitor.js';

let database: TestDatabase;
let network: FaultyNetwork;
let service: TestService;
let visitor: Visitor;
beforeAll(async () => {
  database = await createTestDatabase();
  network = await createFaultyNetwork(database.url);
  service = await startTestService({
    env: { DATABASE_URL: network.url, BEARER_TOKENS: 'on' },
    testDatabase: database,
  });
});
afterAll(async () => {
  await service.stop();
  await network.close();
  await database.drop();
});
beforeEach(async () => {
  await network.heal();
  visitor = new Visitor(service);
  await visitor.signUp();
});

const path = '/api/auth/get-session';

/** Headers that differ from one answer to the next. */
const ownHeaders = ['date', 'x-request-id'];

function comparable({ status, headers, text }: Answer) {
  return { status, text, headers: [...headers].filter(([name]) => !ownHeaders.includes(name)) };
}

/** Whether BetterAuth was asked: its own statement fails then. */
async function reachesBetterAuth(ask: () => Promise<Answer>): Promise<boolean> {
  network.cutWhenSent('left join lateral');
  const { status } = await ask();
  return status === 503;
}

test('a plain get-session of a valid session never reaches BetterAuth', async () => {
  expect(await reachesBetterAuth(() => visitor.getSession())).toBe(false);
});

test.each<[string, (visitor: Visitor) => Promise<Answer>]>([
  ['a query', (who) => who.ask(`${path}?disableCookieCache=true`)],
  ['a query it does not know', (who) => who.ask(`${path}?x=1`)],
  ['a bearer token', (who) => who.ask(path, { headers: { authorization: 'Bearer x' } })],
  ['any Authorization', (who) => who.ask(path, { headers: { authorization: 'Basic eDp5' } })],
  ['cached session data', (who) => withCookie(who, 'better-auth.session_data=x')],
  ['cached session data in pieces', (who) => withCookie(who, 'better-auth.session_data.0=x')],
  ['"do not remember me"', (who) => withCookie(who, 'better-auth.dont_remember=x')],
])('with %s BetterAuth answers', async (_name, ask) => {
  expect(await reachesBetterAuth(() => ask(visitor))).toBe(true);
});

test('a session that is due for an extension is left to BetterAuth', async () => {
  await database.query("update session set expires_at = expires_at - interval '2 days'");
  expect(await reachesBetterAuth(() => visitor.getSession())).toBe(true);
});

test.each([
  ['as signed up', {}],
  [
    'an image and another script',
    { name: 'Zoë "quoted" \\ 名前 \u2028 😀', image: 'https://a/b?c' },
  ],
  ['an empty name', { name: '' }],
])('its answer is BetterAuth’s to the byte, headers included: %s', async (_name, changes) => {
  // Past the door: rows may be older than its rules.
  for (const [column, value] of Object.entries(changes)) {
    const update = `update "user" set ${column} = $1 where email = $2`;
    await database.query(update, [value, visitor.email]);
  }
  const ours = await visitor.getSession();
  const theirs = await visitor.ask(`${path}?disableCookieCache=true`);
  expect(ours.json).toMatchObject({ user: { email: visitor.email, ...changes } });
  expect(comparable(ours)).toEqual(comparable(theirs));
});

test('a row whose optional fields are null, or whose times have microseconds, is told alike', async () => {
  await database.query(
    `update session set ip_address = null, user_agent = null,
       expires_at = expires_at + interval '0.000499 seconds', updated_at = '2026-01-01 00:00:00+00'`,
  );
  const ours = await visitor.getSession();
  expect(ours.json).toMatchObject({ session: { ipAddress: null } });
  const theirs = await visitor.ask(`${path}?disableCookieCache=true`);
  expect(comparable(ours)).toEqual(comparable(theirs));
});

function withCookie(visitor: Visitor, cookie: string): Promise<Answer> {
  return visitor.ask(path, { headers: { cookie: `${visitor.cookieHeader}; ${cookie}` } });
}
