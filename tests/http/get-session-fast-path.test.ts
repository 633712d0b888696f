/** Which get-session requests are answered without BetterAuth, with an identical response. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { getSessionFields } from '../../src/auth/get-session-fields.js';
import type { AuthPart } from '../../src/auth/auth-part.js';
import type { ActiveFeature } from '../../src/features/slots.js';
import { addExtraColumns, extraColumns, tablesWithExtraColumns } from '../support/extra-columns.js';
import { createFaultyNetwork, type FaultyNetwork } from '../support/faulty-network.js';
import { optionsFor } from '../support/options-for.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { useFaultyDatabase } from '../support/use-service.js';
import { Visitor, type Answer } from '../support/visitor.js';

let database: TestDatabase;
let network: FaultyNetwork;
let service: TestService;
let visitor: Visitor;
useFaultyDatabase((started) => ({ testDatabase: database, network } = started), 'file');
beforeAll(async () => {
  service = await startTestService({
    env: { DATABASE_URL: network.url, BEARER_TOKENS: 'on' },
    testDatabase: database,
  });
});
afterAll(() => service.stop());
beforeEach(async () => {
  await network.heal();
  visitor = new Visitor(service);
  await visitor.signUp();
});

const path = '/api/auth/get-session';

/** Headers that differ between responses. */
const ownHeaders = ['date', 'x-request-id'];

function comparable({ status, headers, text }: Answer) {
  return { status, text, headers: [...headers].filter(([name]) => !ownHeaders.includes(name)) };
}

/** Whether BetterAuth was called: its statement then fails. */
async function reachesBetterAuth(ask: () => Promise<Answer>, on = network): Promise<boolean> {
  on.cutWhenSent('left join lateral');
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

test('a session that is due for a refresh is left to BetterAuth', async () => {
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
  // Bypasses validation: rows may be older than its rules.
  for (const [column, value] of Object.entries(changes)) {
    const update = `update "user" set ${column} = $1 where email = $2`;
    await database.query(update, [value, visitor.email]);
  }
  const ours = await visitor.getSession();
  const theirs = await visitor.ask(`${path}?disableCookieCache=true`);
  expect(ours.json).toMatchObject({ user: { email: visitor.email, ...changes } });
  expect(comparable(ours)).toEqual(comparable(theirs));
});

test('the response is the same for a row with null fields or times with microseconds', async () => {
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

test('with columns of a feature its answer is BetterAuth’s to the byte, and `/session` shows the public ones', async () => {
  const { visitor: member, network: behind, stop } = await signUpWithExtraColumns();
  const ours = await member.getSession();
  const theirs = await member.ask(`${path}?disableCookieCache=true`);
  const shown = { nickname: 'Zoë', preferences: { theme: 'dark' } };
  expect(ours.json).toMatchObject({
    user: shown,
    session: { promptedAt: expect.any(String) as string },
  });
  expect(comparable(ours)).toEqual(comparable(theirs));
  expect(await reachesBetterAuth(() => member.getSession(), behind)).toBe(false);
  const { json, text } = await member.ask('/session');
  expect(json).toMatchObject({ user: shown, session: { signInMethod: null } });
  for (const hidden of ['moderatorNote', 'riskScore', 'promptedAt', 'secret note', 'token']) {
    expect(text).not.toContain(hidden);
  }
  await stop();
});

test('while a feature that changes the response is on, BetterAuth answers', async () => {
  const {
    visitor: member,
    network: behind,
    stop,
  } = await signUpWithExtraColumns({ changesGetSession: true });
  expect(await reachesBetterAuth(() => member.getSession(), behind)).toBe(true);
  await stop();
});

test('a field with an output transform is left to BetterAuth', async () => {
  const { options } = await optionsFor();
  const nickname = { type: 'string', transform: { output: String } } as const;
  const plugin = { id: 'x', schema: { user: { fields: { nickname } } } };
  expect(getSessionFields(options, [])).toBeDefined();
  expect(getSessionFields({ ...options, plugins: [plugin] }, [])).toBeUndefined();
});

/** A user of a service whose tables have a feature's columns, with values. */
async function signUpWithExtraColumns(changes: Pick<AuthPart, 'changesGetSession'> = {}) {
  const own = await createTestDatabase();
  await own.query(addExtraColumns);
  const behind = await createFaultyNetwork(own.url);
  const feature: ActiveFeature = {
    ...extraColumns,
    loadAuthPart: async (dependencies) => ({
      ...(await extraColumns.loadAuthPart(dependencies, [])),
      ...changes,
    }),
  };
  const other = await startTestService({
    env: { DATABASE_URL: behind.url },
    testDatabase: own,
    extraFeatures: [feature],
    tables: tablesWithExtraColumns,
  });
  const member = new Visitor(other);
  await member.signUp();
  await own.query(
    `update "user" set nickname = 'Zoë', moderator_note = 'secret note', preferences = '{"theme": "dark"}'`,
  );
  await own.query(`update session set prompted_at = '2026-01-01 00:00:00+00', risk_score = 7`);
  const stop = async () => {
    await other.stop();
    await behind.close();
    await own.drop();
  };
  return { visitor: member, network: behind, stop };
}
