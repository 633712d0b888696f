/** Which cookie browsers keep of what an answer sets, and for whom. */
import { describe, expect, test } from 'vitest';
import { isUnder, judgeSetCookie } from '../../src/doctor/checks/set-cookie.js';
import { isSame, readSetCookie, sessionCookieOf } from '../../src/doctor/set-cookie.js';

const name = 'better-auth.session_token';
const sound = 'Path=/; HttpOnly; Secure; SameSite=Lax';

/** What is complained about of a cookie, as codes. */
function complaintsOf(line: string, host = 'auth.example.com'): string[] {
  const authUrl = `https://${host}`;
  const findings = [...judgeSetCookie(readSetCookie(line), authUrl, [authUrl])];
  return findings.filter(({ status }) => status !== 'ok').map(({ code }) => code);
}

describe('of several lines', () => {
  test('for one cookie the last counts', () => {
    const lines = [`${name}=first; ${sound}`, 'theme=dark', `${name}=second; ${sound}`];
    expect(sessionCookieOf(lines)?.value).toBe('second');
    const cleared = [`${name}=first; ${sound}`, `${name}=; Max-Age=0; ${sound}`];
    expect(sessionCookieOf(cleared)?.value).toBe('');
  });

  test.each(['Domain=example.com', 'Path=/old', 'Partitioned'])(
    'one that clears the cookie with %s clears no other',
    (attribute) => {
      const clears = `${name}=; Max-Age=0; ${sound}; ${attribute}`;
      expect(sessionCookieOf([`${name}=set; ${sound}`, clears])?.value).toBe('set');
      expect(isSame(readSetCookie(clears), readSetCookie(`${name}=set; ${sound}`))).toBe(false);
    },
  );

  test('none signs in where none bears the name', () => {
    expect(sessionCookieOf(['theme=dark'])).toBeUndefined();
  });
});

const past = 'Expires=Thu, 01 Jan 1970 00:00:00 GMT';
const future = 'Expires=Fri, 31 Dec 2100 23:59:59 GMT';

describe('a cookie is gone at once', () => {
  test.each([
    ['without a value', ''],
    ['with Max-Age=0', 'v; Max-Age=0'],
    ['with a negative Max-Age', 'v; Max-Age=-1'],
    ['with Max-Age=0, whatever Expires says', `v; Max-Age=0; ${future}`],
    ['with Expires in the past', `v; ${past}`],
    ['with Expires in the past and a Max-Age that is no number', `v; Max-Age=long; ${past}`],
  ])('%s', (_what, rest) => {
    expect(complaintsOf(`${name}=${rest}; ${sound}`)).toEqual(['COOKIE_EXPIRED']);
  });
});

describe('a cookie is kept', () => {
  test.each([
    ['with neither Max-Age nor Expires', 'v'],
    ['with Max-Age, whatever Expires says', `v; Max-Age=60; ${past}`],
    ['with Expires to come', `v; ${future}`],
    ['with a Max-Age that is no number', 'v; Max-Age=none'],
    ['with an empty Max-Age', 'v; Max-Age='],
    ['with an Expires that is no date', 'v; Expires=0'],
    ['with an empty Domain', 'v; Domain='],
    ['with Domain=. alone', 'v; Domain=.'],
    ['with its own host as Domain', 'v; Domain=auth.example.com'],
  ])('%s', (_what, rest) => {
    expect(complaintsOf(`${name}=${rest}; ${sound}`)).toEqual([]);
  });

  test.each(['localhost', '127.0.0.1'])('where Domain is the host itself: %s', (host) => {
    expect(complaintsOf(`${name}=v; ${sound}; Domain=${host}`, host)).toEqual([]);
  });
});

describe('a Domain is refused', () => {
  test.each([
    ['com', 'auth.example.com'],
    ['example.org', 'auth.example.com'],
    ['example.com', 'evilexample.com'],
    ['auth.example.com', 'example.com'],
    ['0.1', '127.0.0.1'],
    ['0.0.1', '127.0.0.1'],
  ])('%s for %s', (domain, host) => {
    expect(complaintsOf(`${name}=v; ${sound}; Domain=${domain}`, host)).toEqual([
      'COOKIE_DOMAIN_REFUSED',
    ]);
  });
});

test.each([
  ['example.com', 'example.com', true],
  ['api.example.com', 'example.com', true],
  ['evilexample.com', 'example.com', false],
  ['127.0.0.1', '127.0.0.1', true],
  ['127.0.0.1', '0.1', false],
])('whether %s is under %s: %s', (host, domain, expected) => {
  expect(isUnder(host, domain)).toBe(expected);
});

describe('prefixes hold in any case:', () => {
  test.each(['__Secure-', '__secure-', '__Host-', '__HOST-'])('%s needs Secure', (prefix) => {
    const line = `${prefix}${name}=v; Path=/; HttpOnly; SameSite=Lax`;
    expect(complaintsOf(line)).toEqual(['COOKIE_NEEDS_SECURE', 'COOKIE_NOT_SECURE']);
  });

  test.each(['__Host-', '__host-'])('%s needs Path=/ and no Domain', (prefix) => {
    const line = `${prefix}${name}=v; HttpOnly; Secure; SameSite=Lax`;
    expect(complaintsOf(`${line}; Path=/`)).toEqual([]);
    expect(complaintsOf(`${line}; Path=/; Domain=`)).toEqual([]);
    expect(complaintsOf(`${line}; Path=/; Domain=example.com`)).toEqual(['COOKIE_PREFIX_REFUSED']);
    expect(complaintsOf(line)).toEqual(['COOKIE_PREFIX_REFUSED', 'COOKIE_PATH']);
  });
});
