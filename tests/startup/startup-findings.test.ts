/** Every cause of a null session that is detectable at start: each fault yields exactly its finding. */
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../src/config/environment.js';
import { findingCodes, findingsOf } from '../support/configuration.js';
import { optionsFor } from '../support/options-for.js';
import { database, startupCauses } from '../support/startup-causes.js';

/** Findings that need attention; `info` only explains a choice. */
const seen = (env: Environment) =>
  findingsOf(env)
    .filter(({ level }) => level !== 'info')
    .map(({ level, code, variable }) => `${level} ${code} ${variable}`);

describe.each(Object.entries(startupCauses))('%s', (_, rows) => {
  test.each(rows)('%s', (_fault, env, finding) => {
    expect(seen(env)).toEqual([finding]);
  });
});

describe('a correct configuration yields no finding', () => {
  test.each<readonly [string, Environment]>([
    ['nothing changed', {}],
    [
      'an API in the cookie’s scope',
      { COOKIE_DOMAIN: 'example.com', API_URLS: 'https://api.example.com,https://example.com/api' },
    ],
    ['an API below the service’s own host', { API_URLS: 'https://auth.example.com/api' }],
    [
      'an API on another site with tokens for it',
      { API_URLS: 'https://api.example.org', JWT_TOKENS: 'on' },
    ],
    ['a platform with its header named', { RENDER: 'true', CLIENT_IP_HEADER: 'cf-connecting-ip' }],
    ['a platform in development', { RENDER: 'true', NODE_ENV: 'development' }],
    [
      'Vercel, whose header is known',
      { VERCEL: '1', VERCEL_ENV: 'production', VERCEL_PROJECT_PRODUCTION_URL: 'auth.example.com' },
    ],
    ...['require', 'prefer', 'verify-ca', 'verify-full'].map(
      (mode) => [`sslmode=${mode}`, database(`?sslmode=${mode}`)] as const,
    ),
    ...[
      'localhost',
      '127.0.0.1:5432',
      '[::1]',
      '10.1.2.3',
      '172.16.0.1',
      '192.168.1.2',
      '[fd00::1]',
      'db',
      'db.railway.internal',
      'my-db.flycast',
      'postgres.databases.svc',
    ].map((host) => [`no TLS to ${host}`, database('', host)] as const),
    ['a socket file', database('?host=/run/postgresql', 'x.example.com')],
  ])('%s', (_, env) => {
    expect(seen(env)).toEqual([]);
  });
});

test('a domain other than production’s on Vercel is info, not a warning: a project may have several', () => {
  const vercel = { VERCEL: '1', VERCEL_PROJECT_PRODUCTION_URL: 'a.vercel.app' };
  const code = 'info BASE_URL_NOT_PRODUCTION_URL BETTER_AUTH_URL';
  expect(findingCodes({ ...vercel, VERCEL_ENV: 'production' })).toEqual([code]);
  expect(findingCodes({ ...vercel, VERCEL_ENV: 'preview' })).not.toContain(code);
});

test('for APIs outside the cookie’s scope the finding has their number and the fix, but no host', () => {
  const found = findingsOf({
    API_URLS: 'https://a.example.com,https://b.example.com,https://c.example.org',
  });
  expect(found.map(({ message }) => message.includes('2 of') || message.includes('1 of'))).toEqual([
    true,
    true,
  ]);
  expect(found[0]?.fix).toContain('the domain that BETTER_AUTH_URL and the API share');
  expect(found[1]?.fix).toMatch(/BEARER_TOKENS=on or JWT_TOKENS=on/);
  expect(JSON.stringify(found)).not.toMatch(/example\.(com|org)/);
});

test('no setting produces a cookie of more than 4096 bytes, including the longest name and attributes', async () => {
  const host = Array.from({ length: 4 }, () => 'a'.repeat(62))
    .join('.')
    .slice(4);
  const env = { BETTER_AUTH_URL: `https://auth.${host}`, COOKIE_DOMAIN: host };
  const { config } = await optionsFor({
    ...env,
    BETTER_AUTH_TRUSTED_ORIGINS: 'https://example.com',
  });
  const signature = encodeURIComponent('+'.repeat(43) + '=');
  const value = `${'t'.repeat(32)}.${signature}`;
  const { sessionCookieName, domain } = config.cookies;
  const attributes = `; Domain=${domain}; Path=/; Max-Age=34560000; HttpOnly; Secure; SameSite=None; Partitioned`;
  expect(`${sessionCookieName}=${value}${attributes}`.length).toBeLessThan(1024);
});
