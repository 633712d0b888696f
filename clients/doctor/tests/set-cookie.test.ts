/** Which cookie of a response browsers keep, and which hosts receive it. */
import { describe, expect, test } from 'vitest';
import { checkSetCookie } from '../src/checks/set-cookie.js';
import { isSameCookie, readSetCookie, sessionCookieOf } from '../src/set-cookie.js';

const name = 'better-auth.session_token';
const valid = 'Path=/; HttpOnly; Secure; SameSite=Lax';

/** The codes of the findings about a cookie that are not `ok`. */
function failedCodes(line: string, host = 'auth.example.com'): string[] {
  const authUrl = `https://${host}`;
  const findings = [...checkSetCookie(readSetCookie(line), authUrl, [authUrl])];
  return findings.filter(({ status }) => status !== 'ok').map(({ code }) => code);
}

describe('of several lines', () => {
  test('for the same cookie the last one counts', () => {
    const lines = [`${name}=first; ${valid}`, 'theme=dark', `${name}=second; ${valid}`];
    expect(sessionCookieOf(lines)?.value).toBe('second');
    const cleared = [`${name}=first; ${valid}`, `${name}=; Max-Age=0; ${valid}`];
    expect(sessionCookieOf(cleared)?.value).toBe('');
  });

  test.each(['Domain=example.com', 'Path=/old', 'Partitioned'])(
    'a line that clears the cookie with %s does not affect another',
    (attribute) => {
      const clears = `${name}=; Max-Age=0; ${valid}; ${attribute}`;
      expect(sessionCookieOf([`${name}=set; ${valid}`, clears])?.value).toBe('set');
      expect(isSameCookie(readSetCookie(clears), readSetCookie(`${name}=set; ${valid}`))).toBe(
        false,
      );
    },
  );

  test('there is no session cookie where none has its name', () => {
    expect(sessionCookieOf(['theme=dark'])).toBeUndefined();
  });
});

const past = 'Expires=Thu, 01 Jan 1970 00:00:00 GMT';
const future = 'Expires=Fri, 31 Dec 2100 23:59:59 GMT';

describe('a cookie expires at once', () => {
  test.each([
    ['without a value', ''],
    ['with Max-Age=0', 'v; Max-Age=0'],
    ['with a negative Max-Age', 'v; Max-Age=-1'],
    ['with Max-Age=0, whatever Expires says', `v; Max-Age=0; ${future}`],
    ['with Expires in the past', `v; ${past}`],
    ['with Expires in the past and an invalid Max-Age', `v; Max-Age=long; ${past}`],
  ])('%s', (_what, rest) => {
    expect(failedCodes(`${name}=${rest}; ${valid}`)).toEqual(['COOKIE_EXPIRED']);
  });
});

describe('a cookie is kept', () => {
  test.each([
    ['with neither Max-Age nor Expires', 'v'],
    ['with Max-Age, whatever Expires says', `v; Max-Age=60; ${past}`],
    ['with Expires in the future', `v; ${future}`],
    ['with an invalid Max-Age', 'v; Max-Age=none'],
    ['with an empty Max-Age', 'v; Max-Age='],
    ['with an invalid Expires', 'v; Expires=0'],
    ['with an empty Domain', 'v; Domain='],
    ['with only a dot as Domain', 'v; Domain=.'],
    ['with the host as Domain', 'v; Domain=auth.example.com'],
  ])('%s', (_what, rest) => {
    expect(failedCodes(`${name}=${rest}; ${valid}`)).toEqual([]);
  });

  test.each(['localhost', '127.0.0.1'])('where the Domain is the host: %s', (host) => {
    expect(failedCodes(`${name}=v; ${valid}; Domain=${host}`, host)).toEqual([]);
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
    expect(failedCodes(`${name}=v; ${valid}; Domain=${domain}`, host)).toEqual([
      'COOKIE_DOMAIN_REFUSED',
    ]);
  });
});

describe('prefixes are case-insensitive:', () => {
  test.each(['__Secure-', '__secure-', '__Host-', '__HOST-'])('%s needs Secure', (prefix) => {
    const line = `${prefix}${name}=v; Path=/; HttpOnly; SameSite=Lax`;
    expect(failedCodes(line)).toEqual(['COOKIE_NEEDS_SECURE', 'COOKIE_NOT_SECURE']);
  });

  test.each(['__Host-', '__host-'])('%s needs Path=/ and no Domain', (prefix) => {
    const line = `${prefix}${name}=v; HttpOnly; Secure; SameSite=Lax`;
    expect(failedCodes(`${line}; Path=/`)).toEqual([]);
    expect(failedCodes(`${line}; Path=/; Domain=`)).toEqual([]);
    expect(failedCodes(`${line}; Path=/; Domain=example.com`)).toEqual(['COOKIE_PREFIX_REFUSED']);
    expect(failedCodes(line)).toEqual(['COOKIE_PREFIX_REFUSED', 'COOKIE_PATH']);
  });
});
