/** `authUrl`: which values are accepted, and the error for each other one. */
import { expect, test } from 'vitest';
import { isMixedContent, readAuthUrl } from '../src/auth-url.js';

test.each([
  'https://auth.example.com',
  'https://auth.example.com/',
  'https://auth.example.com/api/auth',
  'https://AUTH.example.com:443/api/auth/',
])('%s is accepted as https://auth.example.com', (given) => {
  expect(readAuthUrl(given)).toBe('https://auth.example.com');
});

test.each([undefined, null, ''])(
  '%s is reported as missing, perhaps an unset variable',
  (given) => {
    expect(() => readAuthUrl(given)).toThrow(/^authUrl is missing.*variable is not set/);
  },
);

test.each(['auth.example.com', '/auth', 'ftp://auth.example.com', 'https://', 7])(
  '%s is refused as no URL',
  (given) => {
    expect(() => readAuthUrl(given)).toThrow(/^authUrl is not a URL/);
  },
);

test.each(['https://a.example/login', 'https://a.example/?x=1', 'https://a.example/#x'])(
  '%s is refused as more than an origin, and the error names the origin',
  (given) => {
    expect(() => readAuthUrl(given)).toThrow('write https://a.example, without the rest');
  },
);

test('a password in authUrl is refused without repeating it', () => {
  expect(() => readAuthUrl('https://ada:hunter2@a.example')).toThrow(
    /^authUrl contains a user name/,
  );
  expect(() => readAuthUrl('https://ada:hunter2@a.example')).not.toThrow(/hunter2/);
});

test.each([
  ['https://docs.example.com', 'http://auth.example.com', true],
  ['https://docs.example.com', 'https://auth.example.com', false],
  ['http://docs.example.com', 'http://auth.example.com', false],
  ['https://docs.example.com', 'http://localhost:3001', false],
  ['https://docs.example.com', 'http://127.0.0.1:3001', false],
  ['https://docs.example.com', 'http://localhost.example.com', true],
])('%s calling %s is mixed content: %s', (page, authUrl, mixed) => {
  expect(isMixedContent(page, authUrl)).toBe(mixed);
});
