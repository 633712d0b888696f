/** Server-Timing is sent only with a valid DIAGNOSTICS_TOKEN, because timings are an oracle. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';

const token = 'Vt3kQ0aZs9LmXw2yBn7cRf5dHj8gPe4u';
const withToken = { 'x-diagnostics-token': token };

let service: TestService;
let visitor: Visitor;
beforeAll(async () => {
  service = await startTestService({ env: { DIAGNOSTICS_TOKEN: token, BEARER_TOKENS: 'on' } });
  visitor = new Visitor(service);
  await visitor.signUp();
});
afterAll(() => service.stop());

/** Name → milliseconds; undefined if the header is missing. */
async function timingOf(asking: Visitor, path: string, headers: Record<string, string>) {
  const header = (await asking.ask(path, { headers })).headers.get('server-timing');
  if (header === null) return undefined;
  const parts = header.split(', ').map((part) => {
    const [, name = '', milliseconds] = /^(\w+);dur=(\d+\.\d\d)$/.exec(part) ?? [];
    return [name, Number(milliseconds)] as const;
  });
  return Object.fromEntries(parts);
}

describe.each(['/session', '/api/auth/get-session', '/api/auth/get-session?disableRefresh=true'])(
  '%s',
  (path) => {
    test('with the token lists each part, whose sum is at most the total', async () => {
      const timing = await timingOf(visitor, path, withToken);
      expect(Object.keys(timing ?? {})).toEqual(['verify', 'query', 'total']);
      const { verify = NaN, query = NaN, total = NaN } = timing ?? {};
      expect(query).toBeGreaterThan(0);
      expect(verify + query).toBeLessThanOrEqual(total + 0.02);
    });

    test('has no query time if the signature is wrong, because there was no query', async () => {
      const value = `better-auth.session_token=${'a'.repeat(32)}.${'b'.repeat(43)}=`;
      const headers = { ...withToken, cookie: value };
      const timing = await timingOf(new Visitor(service), path, headers);
      expect(Object.keys(timing ?? {})).toEqual(['verify', 'total']);
    });

    test.each([
      ['no token', {}],
      ['another token', { 'x-diagnostics-token': `${token}x` }],
      ['the token in Authorization, where a session’s token belongs', { authorization: token }],
      ['the token as a bearer token', { authorization: `Bearer ${token}` }],
    ])('sends no Server-Timing with %s', async (_, headers) => {
      expect(await timingOf(visitor, path, headers)).toBeUndefined();
    });
  },
);

test('the query time includes the wait for the database', async () => {
  const blocker = await service.pool.connect();
  await blocker.query('begin');
  await blocker.query('lock table session');
  const asked = timingOf(visitor, '/session', withToken);
  await blocker.query('select pg_sleep(0.2)'); // the check waits for this transaction
  await blocker.query('rollback');
  blocker.release();
  expect((await asked)?.query).toBeGreaterThan(100);
});

test('routes that check no session send no Server-Timing, even with the token', async () => {
  for (const path of ['/health', '/ready', '/diagnostics', '/metrics', '/api/auth/list-sessions']) {
    expect(await timingOf(visitor, path, withToken), path).toBeUndefined();
  }
});

test('without DIAGNOSTICS_TOKEN no token is accepted', async () => {
  const other = await startTestService({ testDatabase: service.database });
  expect(await timingOf(new Visitor(other), '/session', withToken)).toBeUndefined();
  await other.stop();
});
