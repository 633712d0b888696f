import { expect, test } from 'vitest';
import { domainMatches, isInCookieScope } from '../../src/config/cookie-scope.js';

test.each([
  ['example.com', 'example.com', true],
  ['api.example.com', 'example.com', true],
  ['evilexample.com', 'example.com', false],
  ['127.0.0.1', '127.0.0.1', true],
  ['127.0.0.1', '0.1', false],
])('host %s, domain %s: %s', (host, domain, expected) => {
  expect(domainMatches(host, domain)).toBe(expected);
});

test.each([
  ['without a Domain, the host that set it', 'https://auth.example.com/me', undefined, true],
  ['without a Domain, another host', 'https://api.example.com/me', undefined, false],
  ['ports do not matter', 'https://auth.example.com:8443/', undefined, true],
  ['with a Domain, a host below it', 'https://api.example.com/', 'example.com', true],
  ['with a Domain, a host of another domain', 'https://api.example.org/', 'example.com', false],
  ['a public suffix as Domain counts as none', 'https://api.com/', 'com', false],
  ['a Secure cookie over http', 'http://auth.example.com/', undefined, false],
])('%s', (_what, url, domain, expected) => {
  const scope = { setBy: 'auth.example.com', domain, secure: true };
  expect(isInCookieScope(new URL(url), scope)).toBe(expected);
});

test('a Secure cookie is sent over http to this machine, as browsers do', () => {
  const scope = { setBy: 'localhost', domain: undefined, secure: true };
  expect(isInCookieScope(new URL('http://localhost:8000/'), scope)).toBe(true);
});
