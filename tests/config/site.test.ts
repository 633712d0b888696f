import { describe, expect, test } from 'vitest';
import { isLoopbackHost, isPublicSuffix, isSameSite, siteOfHost } from '../../src/config/site.js';

/** Domains shared by unrelated parties; the service can be deployed to several of them. */
const sharedDomains = [
  'vercel.app',
  'github.io',
  'netlify.app',
  'onrender.com',
  'hf.space',
  'pages.dev',
  'co.uk',
  'com',
];

describe.each(sharedDomains)('%s', (domain) => {
  test('is a public suffix', () => expect(isPublicSuffix(domain)).toBe(true));

  test('two names below it are different sites', () => {
    expect(isSameSite(`https://docs.${domain}`, `https://auth.${domain}`)).toBe(false);
  });

  test('names below one customer’s name are the same site', () => {
    expect(isSameSite(`https://a.mine.${domain}`, `https://b.c.mine.${domain}`)).toBe(true);
    expect(siteOfHost(`a.mine.${domain}`)).toBe(`mine.${domain}`);
  });

  test('a customer’s name is not a public suffix', () => {
    expect(isPublicSuffix(`mine.${domain}`)).toBe(false);
  });
});

test.each([
  ['ports of one host', 'http://localhost:3000', 'http://localhost:3001', true],
  ['a domain and its subdomain', 'https://example.com', 'https://auth.example.com', true],
  ['two subdomains', 'https://www.example.com', 'https://auth.example.com', true],
  ['another port', 'https://www.example.com:8443', 'https://auth.example.com', true],
  ['another scheme', 'http://www.example.com', 'https://www.example.com', false],
  ['localhost and 127.0.0.1', 'http://localhost:3000', 'http://127.0.0.1:3000', false],
  ['localhost and [::1]', 'http://localhost:3000', 'http://[::1]:3000', false],
  ['localhost and a name under it', 'http://localhost', 'http://docs.localhost', false],
  ['one IPv4 address', 'http://10.0.0.1:1', 'http://10.0.0.1:2', true],
  ['IPv4 addresses that end alike', 'http://10.1.0.1', 'http://11.1.0.1', false],
  ['one IPv6 address', 'http://[fd00::1]:1', 'http://[fd00::1]:2', true],
  ['two IPv6 addresses', 'http://[fd00::1]', 'http://[fd00::2]', false],
  ['names that end alike', 'https://example.com', 'https://anexample.com', false],
  ['names without a dot', 'http://docs', 'http://auth', false],
])('%s: %s and %s are one site: %s', (_, left, right, expected) => {
  expect(isSameSite(left, right)).toBe(expected);
  expect(isSameSite(right, left)).toBe(expected);
});

test.each([
  ['localhost', true],
  ['docs.localhost', true],
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['[::1]', true],
  ['notlocalhost', false],
  ['localhost.example.com', false],
  ['127.0.0.1.example.com', false],
  ['10.0.0.1', false],
  ['[::2]', false],
])('%s names this machine: %s', (host, expected) => {
  expect(isLoopbackHost(host)).toBe(expected);
});
