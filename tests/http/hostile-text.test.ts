/** 100 kB of text that is slow to match, in every part of a request: handled as fast as harmless text, with bounded log lines. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everyFeatureWithoutRedis } from '../support/every-feature.js';
import { hostileTexts, isFast } from '../support/hostile-text.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor, type AskOptions } from '../support/visitor.js';

let service: TestService;
let cookie = '';
beforeAll(async () => {
  service = await startTestService({ env: everyFeatureWithoutRedis });
  const visitor = new Visitor(service);
  await visitor.signUp();
  cookie = visitor.cookieHeader;
});
afterAll(() => service.stop());

/** Node accepts 16 kB of headers; this is the longest text that fits. */
const inHeader = 13_000;
const inBody = 90_000;

const headers = [
  'cookie',
  'authorization',
  'origin',
  'referer',
  'user-agent',
  'x-request-id',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'forwarded',
  'x-test-client-ip',
  'sec-fetch-site',
  'content-type',
  'accept',
];
const endpoints = [
  'sign-in/email',
  'sign-up/email',
  'change-password',
  'verify-password',
  'update-user',
  'delete-user',
  'revoke-session',
  'reset-password',
  'request-password-reset',
  'sign-in/social',
];
const fields = ['name', 'email', 'password', 'newPassword', 'token', 'image', 'callbackURL', 'x'];

/** Allowed in a header: no control characters, one byte per character. */
const headerText = (text: string) => text.replace(/[^\u0020-\u007e]/g, 'x').slice(-inHeader);

const named: Readonly<Record<string, (text: string) => string>> = {
  cookie: (text) => `${text.replaceAll(/[;=]/g, '')}.session_token=x; a=${text.slice(0, 500)}`,
  authorization: (text) => `Bearer ${text}.`,
};

type Ask = (text: string) => Promise<unknown>;
const ask = (path: string, options: AskOptions) => new Visitor(service).ask(path, options);

const entries: Record<string, Ask> = {
  ...Object.fromEntries(
    headers.flatMap((name) =>
      ['/session', '/api/auth/get-session'].map((path): [string, Ask] => [
        `${name} of ${path}`,
        (text) =>
          ask(path, { headers: { [name]: (named[name] ?? String)(headerText(text)).trim() } }),
      ]),
    ),
  ),
  'the type of a body': (text) =>
    ask('/api/auth/sign-in/email', {
      body: { email: 'a@b.test', password: 'x' },
      headers: { 'content-type': `application/json;${headerText(text)}`.trim() },
    }),
  'the path': (text) =>
    ask(`/${encodeURI(headerText(text).replaceAll('%', '-')).slice(0, 13_000)}`, {}),
  'an encoded path': (text) =>
    ask(`/a/${encodeURIComponent(headerText(text)).slice(0, 12_999)}`, {}),
  'a query': (text) =>
    ask(
      `/api/auth/verify-email?token=x&callbackURL=${headerText(text).replace(/[^!-~]|#/g, '')}`,
      {},
    ),
  ...Object.fromEntries(
    endpoints.flatMap((path) =>
      fields.map((field): [string, Ask] => [
        `${field} of ${path}`,
        (text) => {
          const known = { name: 'A', email: 'a@b.test', password: 'x'.repeat(9), newPassword: 'y' };
          const body = { ...known, [field]: text.slice(-inBody) };
          return ask(`/api/auth/${path}`, { body, headers: { cookie } });
        },
      ]),
    ),
  ),
};

/** The kinds that slow down matching; tests/log/linear-time.test.ts has all of them. */
const kinds = [
  'one letter, then what makes the search fail',
  'an encoded plus',
  'letters and at signs',
  'runs just too short for a token',
  'base64',
  'the beginning of a JSON Web Token',
  'quotes',
];

test('every kind has a text', () => {
  expect(Object.keys(hostileTexts)).toEqual(expect.arrayContaining(kinds));
});

test.each(Object.entries(entries))('%s', async (_title, work) => {
  for (const kind of kinds) {
    // Below 50 ms the socket and the database dominate.
    const limit = { times: 5, floorMs: 50, runs: 3 };
    expect(await isFast(work, hostileTexts[kind] ?? '', limit), kind).toBe(true);
  }
});

test('no log line is long, an error, or blames the database', () => {
  for (const line of service.logLines()) {
    expect(JSON.stringify(line).length).toBeLessThan(24_000);
    expect(line.level === 'error', JSON.stringify(line)).toBe(false);
    expect(line.code).not.toBe('DATABASE_UNAVAILABLE');
  }
});
