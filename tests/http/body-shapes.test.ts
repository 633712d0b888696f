/** Any body at any endpoint gets 400 or the normal response, never 5xx; rejected bodies cause no query. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everyFeatureWithoutRedis } from '../support/every-feature.js';
import { startTestService, testIpHeader, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
let cookie = '';
beforeAll(async () => {
  service = await startTestService({ env: everyFeatureWithoutRedis });
  const visitor = new Visitor(service);
  await visitor.signUp();
  cookie = visitor.cookieHeader;
});
afterAll(() => service.stop());

const endpoints = [
  'sign-in/email',
  'sign-in/social',
  'sign-up/email',
  'sign-out',
  'get-session',
  'reset-password',
  'request-password-reset',
  'verify-password',
  'send-verification-email',
  'change-email',
  'change-password',
  'update-session',
  'update-user',
  'delete-user',
  'revoke-session',
  'revoke-sessions',
  'revoke-other-sessions',
  'link-social',
  'unlink-account',
  'refresh-token',
  'get-access-token',
];

const nested = (open: string, close: string, depth: number) =>
  open.repeat(depth) + '1' + close.repeat(depth);
const fields = ['name', 'email', 'password', 'currentPassword', 'newPassword', 'token', 'image'];
const everyField = (value: string) => `{${fields.map((name) => `"${name}":${value}`).join(',')}}`;

/** Title → body that every endpoint must reject. */
const refused: Readonly<Record<string, string | Buffer>> = {
  'no JSON': '{',
  'no JSON at all': 'hello',
  'a list': '[]',
  'a list of objects': '[{"email":"a@b.test"}]',
  'a text': '"text"',
  'a number': '42',
  null: 'null',
  true: 'true',
  'two objects': '{}{}',
  'a trailing comma': '{"email":"a@b.test",}',
  'lists 7,000 deep': `{"newPassword":${nested('[', ']', 7_000)}}`,
  'objects 7,000 deep': `{"currentPassword":${nested('{"a":', '}', 7_000)}}`,
  'a list 40,000 deep': nested('[', ']', 40_000),
  '5,000 names': `{${Array.from({ length: 5_000 }, (_, at) => `"n${at}":1`).join(',')}}`,
  'a list of 5,000': `{"other":[${'1,'.repeat(5_000)}1]}`,
  'a name of 50,000 characters': `{"${'n'.repeat(50_000)}":1}`,
  __proto__: '{"__proto__":{"isAdmin":true}}',
  constructor: '{"constructor":{"prototype":{"isAdmin":true}}}',
  'a deep __proto__': '{"other":{"__proto__":1}}',
  'half a character': '{"other":"\\ud800"}',
  'half a character in a name': '{"\\udfff":1}',
  'a NUL character': '{"other":"a\\u0000b"}',
  'a NUL character in a name': '{"a\\u0000":1}',
  'a NUL byte': '{"other":"a\0b"}',
  'bytes that are not UTF-8': Buffer.from('{"other":"\xff\xfe"}', 'latin1'),
  'UTF-16': Buffer.from('\ufeff{"other":1}', 'utf16le'),
  'a number beyond all numbers': '{"other":1e999}',
  'a text of 90,000 characters': `{"other":"${'x'.repeat(90_000)}"}`,
  'a password with a length': everyField('{"length":{"toString":1}}'),
  'lists for texts': everyField('["a@b.test"]'),
  'numbers for texts': everyField('12345678'),
  'truths for texts': everyField('true'),
  'objects for texts': everyField('{"$ne":null}'),
  'halves of characters': everyField('"\\ud83d"'),
  'texts for truths': '{"rememberMe":"yes","revokeOtherSessions":"no"}',
};

async function send(path: string, body: string | Buffer, headers: Record<string, string> = {}) {
  const { ip } = new Visitor(service);
  const response = await fetch(`${service.url}/api/auth/${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      origin: 'http://localhost:3000',
      'content-type': 'application/json',
      cookie,
      [testIpHeader]: ip,
      ...headers,
    },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}

describe.each(Object.entries(refused))('%s', (_title, body) => {
  test('gets 400 in the error format at every endpoint', async () => {
    for (const path of endpoints) {
      const answer = await send(path, body);
      expect(answer.status, path).toBe(400);
      const { code, message, requestId } = JSON.parse(answer.text) as Record<string, string>;
      expect(code).toMatch(/^[A-Z_]+$/);
      expect(message).toMatch(/\S/);
      expect(requestId).toBe(answer.headers.get('x-request-id'));
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
  });
});

/** Title → unusual body and headers that may be accepted, but must not cause errors. */
const odd: Readonly<Record<string, readonly [string | Buffer, Record<string, string>?]>> = {
  'an empty object': ['{}'],
  'no body': [''],
  blanks: ['  \n'],
  'a byte order mark': ['\ufeff{}'],
  'a name twice': ['{"email":1,"email":"a@b.test"}'],
  'an empty name': ['{"":1}'],
  'a number of many digits': [`{"other":${'9'.repeat(300)}}`],
  'a form': [
    'email=a%40b.test&password=x',
    { 'content-type': 'application/x-www-form-urlencoded' },
  ],
  'a form of nothing': ['&&=&', { 'content-type': 'application/x-www-form-urlencoded' }],
  'a form with a broken encoding': [
    'email=%zz%ff&__proto__=1&password[length]=1',
    { 'content-type': 'application/x-www-form-urlencoded' },
  ],
  'a form with 9,000 fields': [
    'a=1&'.repeat(9_000),
    { 'content-type': 'application/x-www-form-urlencoded' },
  ],
  'JSON that says it is a form': ['{}', { 'content-type': 'application/x-www-form-urlencoded' }],
  'a form that says it is JSON': ['email=a'],
  'an unsupported charset': ['{}', { 'content-type': 'application/json; charset=utf-7' }],
  'a text/plain body': ['{}', { 'content-type': 'text/plain' }],
  'a multipart body': ['--b--', { 'content-type': 'multipart/form-data; boundary=b' }],
  'a compressed body': [gzipSync('{}'), { 'content-encoding': 'gzip' }],
  'a compressed bomb': [gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' }],
  'a body that says it is compressed': ['{}', { 'content-encoding': 'br' }],
};

describe.each(Object.entries(odd))('%s', (_title, [body, headers]) => {
  test('causes no 5xx at any endpoint', async () => {
    // These would end the session or the account that the others need.
    const harmless = endpoints.filter((path) => !/^(sign-out|revoke|delete)/.test(path));
    for (const path of harmless) {
      const { status, text } = await send(path, body, headers);
      expect(status, `${path}: ${text}`).toBeLessThan(500);
    }
  });
});

test('a compressed body is rejected with Accept-Encoding', async () => {
  const answer = await send('sign-in/email', gzipSync('{}'), { 'content-encoding': 'gzip' });
  expect(answer.status).toBe(415);
  expect(answer.headers.get('accept-encoding')).toBe('identity');
});

test('the user is still signed in, and nothing was logged as an error', async () => {
  const seen = await fetch(`${service.url}/session`, { headers: { cookie } });
  expect(seen.status).toBe(200);
  const alarms = service.logLines().filter(({ level }) => ['error', 'fatal'].includes(level));
  expect(alarms).toEqual([]);
  expect(service.logLines().every((line) => JSON.stringify(line).length < 8_000)).toBe(true);
});
