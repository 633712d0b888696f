import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Reason } from '../../src/session/reasons.js';
import { signCookie } from '../support/better-call.js';
import {
  startTestService,
  testSecret,
  type LogLine,
  type TestService,
} from '../support/test-service.js';
import { Visitor, type Answer } from '../support/visitor.js';

const name = 'better-auth.session_token';
const newerSecret = 'a-newer-secret-that-is-long-enough-0123456789';

let service: TestService;
let visitor: Visitor;
/** The cookie's value as in the header, with a `+` in its signature. */
let value: string;
let plain: string;
beforeAll(async () => {
  service = await startTestService({ env: { BEARER_TOKENS: 'on' } });
});
afterAll(() => service.stop());
beforeEach(async () => {
  do {
    visitor = new Visitor(service);
    await visitor.signUp();
    value = visitor.sessionCookie;
  } while (!value.includes('%2B'));
  plain = decodeURIComponent(value);
});

function signOut(headers: Record<string, string>, from: TestService = service): Promise<Answer> {
  return new Visitor(from).ask('/api/auth/sign-out', { body: {}, headers });
}

async function isAlive(): Promise<boolean> {
  const headers = { cookie: `${name}=${value}` };
  return (await new Visitor(service).ask('/session', { headers })).status === 200;
}

function lineOf(answer: Answer): Promise<LogLine> {
  const id = answer.headers.get('x-request-id');
  return service.logLine(({ msg, requestId }) => msg === 'request' && requestId === id);
}

const others = (count: number) =>
  Array.from({ length: count }, (_, index) => `app${index}.session_token=value${index}`).join('; ');

type MakeHeaders = () => Record<string, string>;

const mendable: Record<string, MakeHeaders> = {
  whole: () => ({ cookie: `${name}=${value}` }),
  'percent-decoded': () => ({ cookie: `${name}=${plain}` }),
  'encoded twice': () => ({ cookie: `${name}=${encodeURIComponent(value)}` }),
  'form-decoded': () => ({ cookie: `${name}=${plain.replaceAll('+', ' ')}` }),
  'form-decoded and encoded again': () => ({
    cookie: `${name}=${encodeURIComponent(plain.replaceAll('+', ' '))}`,
  }),
  'in quotes': () => ({ cookie: `${name}="${value}"` }),
  'in quotes that were encoded': () => ({ cookie: `${name}=%22${value}%22` }),
  'behind a forged one': () => ({ cookie: `${name}=x${value}; ${name}=${value}` }),
  'behind those of fifty other applications': () => ({
    cookie: `${others(50)}; ${name}=${value}`,
  }),
  'under the prefix of https': () => ({ cookie: `__Secure-${name}=${value}` }),
  'joined by a comma': () => ({ cookie: `theme=dark, ${name}=${value}` }),
  'joined by a comma, first': () => ({ cookie: `${name}=${value},theme=dark` }),
  'as bearer token': () => ({ authorization: `Bearer ${plain}` }),
  'as bearer token encoded twice': () => ({ authorization: `Bearer ${encodeURIComponent(value)}` }),
  'as bearer token form-decoded': () => ({ authorization: `Bearer ${plain.replaceAll('+', ' ')}` }),
  'as bearer token in base64url': () => ({
    authorization: `Bearer ${plain.replaceAll('+', '-').replaceAll('/', '_').replace(/=$/, '')}`,
  }),
};

test.each(Object.entries(mendable))(
  'a credential %s that can be repaired: the session ends and the cookie is cleared',
  async (_what, headers) => {
    const answer = await signOut(headers());
    expect([answer.status, answer.json]).toEqual([200, { success: true }]);
    expect(answer.setCookies[0]).toMatch(new RegExp(`^${name}=; Max-Age=0`));
    expect(await isAlive()).toBe(false);
    const line = await lineOf(answer);
    expect(line).toMatchObject({ outcome: 'signed_out', userId: expect.any(String) as string });
    expect(line.hint ?? 'was ended nevertheless').toContain('was ended nevertheless');
    const again = await lineOf(await signOut(headers()));
    expect(again).toMatchObject({ status: 200, outcome: 'no_session' });
    expect(again.hint ?? 'no longer existed').toContain('no longer existed');
  },
);

const lost: [string, Reason, (signedElsewhere: string) => Record<string, string>][] = [
  ['an unknown secret', 'bad_signature', (other) => ({ cookie: `${name}=${other}` })],
  ['cut short', 'malformed_cookie', () => ({ cookie: `${name}=${value.slice(0, -9)}` })],
  ['the raw token', 'unsigned_token', () => ({ cookie: `${name}=${plain.split('.')[0] ?? ''}` })],
  ['joined, signed elsewhere', 'cookies_joined', (other) => ({ cookie: `a=1, ${name}=${other}` })],
  [
    'renamed, signed elsewhere',
    'wrong_cookie_name',
    (other) => ({ cookie: `__Secure-${name}=${other}` }),
  ],
  [
    'a raw bearer token',
    'bearer_malformed',
    () => ({ authorization: `Bearer ${plain.split('.')[0] ?? ''}` }),
  ],
  [
    'a bearer token signed elsewhere',
    'bearer_bad_signature',
    (other) => ({ authorization: `Bearer ${decodeURIComponent(other)}` }),
  ],
];

test.each(lost)(
  'a credential that cannot be repaired (%s): response and log line say that no session ended',
  async (_what, reason, headers) => {
    const signedElsewhere = await signCookie(plain.split('.')[0] ?? '', newerSecret);
    const answer = await signOut(headers(signedElsewhere));
    expect(answer.status).toBe(401);
    expect(answer.json).toMatchObject({ code: 'SESSION_NOT_ENDED', reason });
    expect(answer.headers.get('x-session-reason')).toBe(reason);
    expect(answer.setCookies).toEqual([]); // an instance with its secret can still end it
    expect(await isAlive()).toBe(true);
    const requestId = answer.headers.get('x-request-id');
    const line = await service.logLine((one) => one.requestId === requestId);
    expect(line).toMatchObject({ code: 'SESSION_NOT_ENDED', reason, status: 401 });
    expect(line.hint).toBeTruthy();
  },
);

test('a credential signed with a secret of another instance: only that instance ends the session', async () => {
  const env = { BETTER_AUTH_SECRET: newerSecret };
  const other = await startTestService({ env, testDatabase: service.database });
  const cookie = `${name}=${value}`;
  expect((await signOut({ cookie }, other)).json).toMatchObject({ code: 'SESSION_NOT_ENDED' });
  expect(await isAlive()).toBe(true);
  expect((await signOut({ cookie })).status).toBe(200);
  expect(await isAlive()).toBe(false);
  await other.stop();
});

test('a credential signed with an older secret of the key ring: the session ends', async () => {
  const env = {
    BETTER_AUTH_SECRET: undefined,
    BETTER_AUTH_SECRETS: `1:${newerSecret},0:${testSecret}`,
  };
  const rotated = await startTestService({ env, testDatabase: service.database });
  for (const repaired of [`${name}=${encodeURIComponent(value)}`, `${name}=${value}`]) {
    expect((await signOut({ cookie: repaired }, rotated)).status).toBe(200);
    expect(await isAlive()).toBe(false);
  }
  await rotated.stop();
});

test('a bearer token with bearer tokens disabled: its session ends if the signature verifies', async () => {
  const without = await startTestService({ testDatabase: service.database });
  const answer = await signOut({ authorization: `Bearer ${plain}` }, without);
  await without.stop();
  expect(answer.status).toBe(200);
  expect(await isAlive()).toBe(false);
});

test('a sign-out with nothing to end is a success: no credential, an empty cookie, a deleted session, another application’s cookie', async () => {
  await visitor.ask('/api/auth/sign-out', { body: {} });
  const nothing: Record<string, string>[] = [
    {},
    { cookie: 'theme=dark' },
    { cookie: `${name}=` },
    { cookie: `${name}=${value}` },
    { cookie: 'another-app.session_token=abc' },
  ];
  for (const headers of nothing) {
    expect((await signOut(headers)).json).toEqual({ success: true });
  }
});

test('a sign-out from an untrusted page ends no session', async () => {
  for (const headers of Object.values(mendable)) {
    const origin = 'https://evil.example';
    const answer = await signOut({ ...headers(), origin });
    expect(answer.status).toBe(403);
    expect(await isAlive()).toBe(true);
  }
});

test('a DELETE that fails or does not delete the row is not a sign-out', async () => {
  await service.database.query(`
    create function keep_row() returns trigger language plpgsql as $$ begin return null; end $$;
    create trigger kept before delete on session for each row execute function keep_row();`);
  const quiet = await signOut({ cookie: `${name}=${value}` });
  expect([quiet.status, quiet.setCookies]).toEqual([503, []]);
  await service.database.query(`
    drop trigger kept on session;
    create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'no' using errcode = '57014'; end $$;
    create trigger refused before delete on session for each row execute function refuse();`);
  const failed = await signOut({ cookie: `${name}=${encodeURIComponent(value)}` });
  expect([failed.status, failed.setCookies]).toEqual([503, []]);
  expect(await isAlive()).toBe(true);
  await service.database.query('drop trigger refused on session');
  expect((await signOut({ cookie: `${name}=${value}` })).status).toBe(200);
});
