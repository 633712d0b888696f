/** Every input with a return URL is validated as a browser would parse it, before any database query. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readReturnUrl } from '../../src/http/return-url.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
let visitor: Visitor;
beforeAll(async () => {
  service = await startTestService();
  visitor = new Visitor(service);
  await visitor.signUp();
  await service.logStartupReport(); // the sweep after the first request writes to rate_limit
});
afterAll(() => service.stop());

const elsewhere = [
  '//evil.example',
  '///evil.example',
  '/.//evil.example',
  '/././/evil.example',
  '..//evil.example',
  '/a/../..//evil.example',
  '/%2e//evil.example',
  '/%2E/%2e//evil.example',
  '/a/%2e%2e//evil.example',
  '/.%2e//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '\\/evil.example',
  '/a/..\\/evil.example',
  '/%2f%2fevil.example',
  '/%5cevil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  ' \u0000//evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https:\\\\evil.example',
  'https://evil.example',
  'HTTPS://EVIL.example/',
  'hTtP://evil.example',
  'https:///evil.example',
  'http://localhost:3000@evil.example/',
  'http://localhost:3000\\@evil.example/',
  'http://user@localhost:3000/',
  'http://user:password@localhost:3000/',
  'http://localhost:3000.evil.example/',
  'http://localhost:30001/',
  'https://localhost:3000/',
  'http:localhost:3000/',
  'http:/localhost:3000/',
  'evil.example',
  'evil.example/path',
  '.',
  '..//evil.example',
  '?next=//evil.example',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,<script>',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:http://localhost:3000/x',
  'myapp://callback',
  '//evil\u3002example',
  '\uff0f\uff0fevil.example',
  'https://evil\uff0eexample/',
  '//[::1]/',
  'http://[::1/',
];

const here: readonly (readonly [string, string])[] = [
  ['/', '/'],
  ['/welcome', '/welcome'],
  ['/a/../welcome?x=//evil.example', '/a/../welcome?x=//evil.example'],
  ['/a#//evil.example', '/a#//evil.example'],
  ['/a//b', '/a//b'],
  ['/a%20b', '/a%20b'],
  ['/はじめに', '/%E3%81%AF%E3%81%98%E3%82%81%E3%81%AB'],
  ['/straße?q=ü#é', '/stra%C3%9Fe?q=%C3%BC#%C3%A9'],
  ['/a b', '/a%20b'],
  ['http://localhost:3000', 'http://localhost:3000'],
  ['http://localhost:3000/はじ', 'http://localhost:3000/%E3%81%AF%E3%81%98'],
  ['HTTP://LOCALHOST:3000/a', 'HTTP://LOCALHOST:3000/a'],
  ['http://localhost:3001/own', 'http://localhost:3001/own'],
  ['', ''],
];

describe('parsed as by a browser', () => {
  const isTrusted = (origin: string) => origin === 'http://localhost:3000';
  const read = (value: string) => readReturnUrl(value, 'http://localhost:3001', isTrusted);

  test.each(elsewhere)('%j points elsewhere', (value) => {
    expect(read(value)).toEqual({ fault: 'elsewhere' });
  });

  test.each(here)('%j stays here', (value, url) => {
    expect(read(value)).toEqual({ url });
  });

  test.each(['/a\nb', '/a\r\nSet-Cookie: x=1', '/\u0000', '/a\u007f', '/a\u0085b', '/a\t'])(
    '%j cannot be sent in a header',
    (value) => {
      expect(read(value)).toEqual({ fault: 'unreadable' });
    },
  );

  test('the scheme of a trusted app is accepted', () => {
    const trustsApp = (origin: string) => origin === 'myapp://';
    const url = 'myapp://callback/done';
    expect(readReturnUrl(url, 'http://localhost:3001', trustsApp)).toEqual({ url });
    expect(read(url)).toEqual({ fault: 'elsewhere' });
  });
});

const fields = {
  callbackURL: 'INVALID_CALLBACK_URL',
  redirectTo: 'INVALID_REDIRECT_URL',
  errorCallbackURL: 'INVALID_ERROR_CALLBACK_URL',
  newUserCallbackURL: 'INVALID_NEW_USER_CALLBACK_URL',
  errorURL: 'INVALID_REDIRECT_URL',
  redirect_uri: 'INVALID_REDIRECT_URL',
};
const posts = [
  'sign-in/email',
  'sign-up/email',
  'sign-in/social',
  'sign-out',
  'request-password-reset',
  'send-verification-email',
  'delete-user',
  'change-email',
  'link-social',
  'update-user',
];
const gets = ['verify-email', 'delete-user/callback', 'reset-password/x', 'callback/x', 'ok'];
const evil = '/.//evil.example';
const of = (visitor: Visitor) => ({ name: 'A', email: visitor.email, password: visitor.password });

async function everything(): Promise<unknown> {
  return Promise.all(
    ['"user"', 'session', 'account', 'rate_limit'].map((table) =>
      service.database.query(`select * from ${table} order by id`),
    ),
  );
}

describe.each(Object.entries(fields))('%s', (field, code) => {
  test.each(posts)(
    'in a body, deeper, in a list and in the query of POST %s: 403',
    async (path) => {
      const before = await everything();
      const bodies = [
        [{ ...of(visitor), [field]: evil }, ''],
        [{ ...of(visitor), idToken: { inner: { [field]: evil } } }, ''],
        [{ ...of(visitor), other: [{ [field]: ['/', evil] }] }, ''],
        [of(visitor), `?${field}=${encodeURIComponent(evil)}`],
        [of(visitor), `?${field}=/&${field}=${encodeURIComponent(evil)}`],
      ] as const;
      for (const [body, query] of bodies) {
        const answer = await visitor.ask(`/api/auth/${path}${query}`, { body });
        expect(answer.status).toBe(403);
        expect(answer.json).toEqual({
          code,
          message: `${field} points to a site that is not trusted.`,
          requestId: answer.headers.get('x-request-id'),
        });
        expect(answer.setCookies).toEqual([]);
      }
      expect(await everything()).toEqual(before);
    },
  );

  test.each(gets)('in the query of GET %s: 403, and no Location', async (path) => {
    for (const query of [
      `${field}=${encodeURIComponent(evil)}`,
      `${field}=${evil}`,
      `${field}=/&${field}=${encodeURIComponent(evil)}`,
      `${encodeURIComponent(field).replace('c', '%63')}=${evil}`,
    ]) {
      const answer = await visitor.ask(`/api/auth/${path}?token=x&${query}`);
      expect(answer.status, query).toBe(403);
      expect(answer.json?.code).toBe(code);
      expect(answer.headers.get('location')).toBeNull();
    }
  });
});

test('a form is validated like JSON', async () => {
  const body = new URLSearchParams({ ...of(visitor), callbackURL: evil }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await new Visitor(service).ask('/api/auth/sign-in/email', { body, headers });
  expect(answer.status).toBe(403);
});

test('a non-ASCII path is accepted and returned percent-encoded, from JSON, a form and a query', async () => {
  const encoded = '/%E3%81%AF%E3%81%98%E3%82%81%E3%81%AB';
  const fields = { ...of(visitor), callbackURL: '/はじめに' };
  for (const [type, body] of [
    ['application/json', JSON.stringify(fields)],
    ['application/x-www-form-urlencoded', new URLSearchParams(fields).toString()],
  ] as const) {
    const browser = new Visitor(service);
    const headers = { 'content-type': type };
    const answer = await browser.ask('/api/auth/sign-in/email', { body, headers });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ redirect: true, url: encoded });
    expect(answer.headers.get('location')).toBe(encoded);
  }
  const query = `?token=x&callbackURL=${encodeURIComponent('/はじめに')}`;
  const answer = await visitor.ask(`/api/auth/verify-email${query}`);
  expect(answer.status).toBe(302);
  expect(answer.headers.get('location')).toMatch(`${encoded}?error=`);
});

test.each(['/a\nb', '/a\r\nset-cookie: x=1', '/\u0000'])(
  'a line break or NUL is rejected with 400 before the password is verified: %j',
  async (callbackURL) => {
    const before = await everything();
    const body = { ...of(visitor), callbackURL };
    const answer = await new Visitor(service).ask('/api/auth/sign-in/email', { body });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ code: 'INVALID_FIELD', field: 'callbackURL' });
    expect(await everything()).toEqual(before);
  },
);

test('nothing was logged above info, and the log has no query string', () => {
  const alarms = service.logLines().filter(({ level, variable }) => level !== 'info' && !variable);
  expect(alarms).toEqual([]);
  expect(service.logText()).not.toContain('evil.example');
});
