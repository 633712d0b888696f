import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import type { Environment } from '../../src/config/environment.js';
import { findingCodes, findingsOf, validEnvironment, testNow } from '../support/configuration.js';

const policyOf = (env: Environment) => readConfig({ ...validEnvironment, ...env }, testNow).cookies;
const pair = (url: string, origins: string): Environment => ({
  BETTER_AUTH_URL: url,
  BETTER_AUTH_TRUSTED_ORIGINS: origins,
});

describe('SameSite, Secure and Partitioned are derived from the URLs', () => {
  const lax = { sameSite: 'lax', partitioned: false };
  const none = { sameSite: 'none', partitioned: true };

  test.each([
    ['one site over https', 'https://auth.example.com', 'https://www.example.com', lax, true],
    ['no other origin', 'https://auth.example.com', '', lax, true],
    ['one site over http', 'http://localhost:3001', 'http://localhost:3000', lax, false],
    ['two sites', 'https://auth.example.com', 'https://docs.example.org', none, true],
    [
      'one of several origins on another site',
      'https://auth.example.com',
      'https://www.example.com,https://docs.example.org',
      none,
      true,
    ],
    ['two customers of one host', 'https://auth.vercel.app', 'https://docs.vercel.app', none, true],
    ['a local page and a remote service', 'https://a.example.com', 'http://localhost', none, true],
  ])('%s', (_, url, origins, expected, secure) => {
    const prefix = secure ? '__Secure-better-auth' : 'better-auth';
    expect(policyOf(pair(url, origins))).toEqual({
      ...expected,
      secure,
      sessionCookieName: `${prefix}.session_token`,
      dontRememberCookieName: `${prefix}.dont_remember`,
    });
  });
});

describe('a cross-site cookie over http, which browsers reject, prevents the start', () => {
  test.each([
    ['another site', 'http://localhost:3001', 'https://docs.example.org'],
    ['localhost and 127.0.0.1', 'http://localhost:3001', 'http://127.0.0.1:3000'],
    ['the same host over https', 'http://localhost:3001', 'https://localhost:3000'],
  ])('%s', (_, url, origins) => {
    expect(findingCodes(pair(url, origins))).toContain(
      'error COOKIE_CROSS_SITE_OVER_HTTP BETTER_AUTH_URL',
    );
  });

  test('the finding has the number of origins but not their values', () => {
    const env = pair('http://localhost:3001', 'http://localhost,https://a.test,https://b.test');
    const finding = findingsOf(env).find(({ level }) => level === 'error');
    expect(finding?.message).toContain('2 of the trusted origins');
  });
});

describe('COOKIE_DOMAIN', () => {
  const ofDomain = (domain: string, url = 'https://auth.example.com') => ({
    ...pair(url, ''),
    COOKIE_DOMAIN: domain,
  });

  test.each([
    ['the parent domain', 'example.com', 'example.com'],
    ['a leading dot', '.example.com', 'example.com'],
    ['the host itself', 'auth.example.com', 'auth.example.com'],
    ['capital letters', 'Example.COM', 'example.com'],
  ])('%s is accepted', (_, domain, expected) => {
    expect(policyOf(ofDomain(domain)).domain).toBe(expected);
    expect(findingCodes(ofDomain(domain))).toEqual([]);
  });

  test('if unset, the cookie is host-only', () => {
    expect(policyOf({})).not.toHaveProperty('domain');
  });

  test.each(['vercel.app', '.vercel.app', 'github.io', 'co.uk', 'com', 'hf.space', 'pages.dev'])(
    '%s is a public suffix, which browsers reject, and prevents the start',
    (domain) => {
      const host = domain.replace(/^\./, '');
      expect(findingCodes(ofDomain(domain, `https://auth.${host}`))).toEqual([
        'error COOKIE_DOMAIN_PUBLIC_SUFFIX COOKIE_DOMAIN',
      ]);
    },
  );

  test.each([
    ['another domain', 'example.org'],
    ['a subdomain of the host', 'deep.auth.example.com'],
    ['a sibling', 'www.example.com'],
    ['an end of the name that is no label', 'ample.com'],
    ['a URL', 'https://example.com'],
    ['two leading dots', '..example.com'],
    ['a blank', 'example .com'],
  ])('%s is no parent of the host and prevents the start', (_, domain) => {
    expect(findingCodes(ofDomain(domain))).toEqual([
      'error COOKIE_DOMAIN_NOT_PARENT COOKIE_DOMAIN',
    ]);
  });

  test('a public suffix is reported even without a valid BETTER_AUTH_URL', () => {
    expect(findingCodes({ BETTER_AUTH_URL: undefined, COOKIE_DOMAIN: 'vercel.app' })).toEqual([
      'error BASE_URL_MISSING BETTER_AUTH_URL',
      'error COOKIE_DOMAIN_PUBLIC_SUFFIX COOKIE_DOMAIN',
    ]);
  });
});
