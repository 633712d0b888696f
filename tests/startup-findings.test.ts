/** Every cause of a null session that start can see: the fault is made, and its finding read, and no other. */
import { describe, expect, test } from 'vitest';
import type { Environment } from '../src/config/environment.js';
import { findingCodes, findingsOf } from './support/configuration.js';
import { optionsFor } from './support/options-for.js';

const secret = 'mK4t8Zp0aWq2xYc7vN1sLd5hRf9gJb3e';
const url = (value: string): Environment => ({ BETTER_AUTH_URL: value });
const origin = (value: string): Environment => ({ BETTER_AUTH_TRUSTED_ORIGINS: value });
const database = (query: string, host = 'ep-quiet-pooler.neon.tech'): Environment => ({
  DATABASE_URL: `postgresql://auth:word@${host}/auth${query}`,
});

/** The fault, what makes it, and the one finding: level, code, and the variable to change. */
type Row = readonly [string, Environment, string];

const causes: Record<string, readonly Row[]> = {
  'the secret': [
    ['missing', { BETTER_AUTH_SECRET: '' }, 'error SECRET_MISSING BETTER_AUTH_SECRET'],
    [
      'shorter than 32',
      { BETTER_AUTH_SECRET: secret.slice(1) },
      'error SECRET_TOO_SHORT BETTER_AUTH_SECRET',
    ],
    [
      'the public default',
      { BETTER_AUTH_SECRET: 'better-auth-secret-12345678901234567890' },
      'error SECRET_DEFAULT BETTER_AUTH_SECRET',
    ],
    [
      'of low entropy',
      { BETTER_AUTH_SECRET: 'a'.repeat(40) },
      'warn SECRET_LOW_ENTROPY BETTER_AUTH_SECRET',
    ],
    [
      'with a blank before it',
      { BETTER_AUTH_SECRET: ` ${secret}` },
      'error SECRET_HAS_BLANKS BETTER_AUTH_SECRET',
    ],
    [
      'with a newline behind it',
      { BETTER_AUTH_SECRET: `${secret}\n` },
      'error SECRET_HAS_BLANKS BETTER_AUTH_SECRET',
    ],
    ['in quotes', { BETTER_AUTH_SECRET: `"${secret}"` }, 'error SECRET_QUOTED BETTER_AUTH_SECRET'],
  ],
  'the base URL': [
    ['missing', { ...url(''), ...origin('') }, 'error BASE_URL_MISSING BETTER_AUTH_URL'],
    [
      'http in production',
      { ...url('http://auth.example.com'), ...origin('') },
      'error BASE_URL_NOT_HTTPS BETTER_AUTH_URL',
    ],
    [
      'with a path',
      url('https://auth.example.com/api/auth'),
      'error BASE_URL_HAS_PATH BETTER_AUTH_URL',
    ],
    [
      'with a trailing slash',
      url('https://auth.example.com/'),
      'warn BASE_URL_TRAILING_SLASH BETTER_AUTH_URL',
    ],
  ],
  'the cookie': [
    [
      'cross-site, which needs Secure, over http',
      { ...url('http://localhost:3001'), NODE_ENV: 'development' },
      'error COOKIE_CROSS_SITE_OVER_HTTP BETTER_AUTH_URL',
    ],
    [
      'with a public suffix as Domain',
      { ...url('https://auth.vercel.app'), ...origin(''), COOKIE_DOMAIN: 'vercel.app' },
      'error COOKIE_DOMAIN_PUBLIC_SUFFIX COOKIE_DOMAIN',
    ],
    [
      'with a Domain that is no parent of the host',
      { COOKIE_DOMAIN: 'example.org' },
      'error COOKIE_DOMAIN_NOT_PARENT COOKIE_DOMAIN',
    ],
    [
      'lasting longer than 400 days',
      { SESSION_IDLE_DAYS: '401', SESSION_ABSOLUTE_DAYS: '500' },
      'error SESSION_IDLE_DAYS_INVALID SESSION_IDLE_DAYS',
    ],
  ],
  'a trusted origin': [
    [
      'with a trailing slash',
      origin('https://www.example.com/'),
      'warn ORIGIN_TRAILING_SLASH BETTER_AUTH_TRUSTED_ORIGINS',
    ],
    [
      'with a path',
      origin('https://www.example.com/docs'),
      'error ORIGIN_HAS_PATH BETTER_AUTH_TRUSTED_ORIGINS',
    ],
    [
      'with a wildcard over a public suffix',
      origin('https://*.vercel.app'),
      'error ORIGIN_WILDCARD BETTER_AUTH_TRUSTED_ORIGINS',
    ],
    [
      'that is http in production',
      { ...origin('http://www.example.com') },
      'error ORIGIN_NOT_HTTPS BETTER_AUTH_TRUSTED_ORIGINS',
    ],
  ],
  'an API': [
    [
      'on another host of the same domain',
      { API_URLS: 'https://api.example.com/v1' },
      'warn API_UNREACHED_BY_COOKIE COOKIE_DOMAIN',
    ],
    [
      'on another site',
      { API_URLS: 'https://api.example.org' },
      'warn API_UNREACHED_BY_COOKIE API_URLS',
    ],
    [
      'of another customer of the same host',
      { ...url('https://a.vercel.app'), ...origin(''), API_URLS: 'https://api.vercel.app' },
      'warn API_UNREACHED_BY_COOKIE API_URLS',
    ],
    [
      'called over http',
      { COOKIE_DOMAIN: 'example.com', API_URLS: 'http://api.example.com' },
      'warn API_UNREACHED_BY_COOKIE API_URLS',
    ],
    ['that is no URL', { API_URLS: 'api.example.com' }, 'error API_URLS_INVALID API_URLS'],
  ],
  'one rate limit for all': Object.entries({
    Fly: 'FLY_APP_NAME',
    Cloudflare: 'CLOUDFLARE_APPLICATION_ID',
    Render: 'RENDER',
    Railway: 'RAILWAY_PROJECT_ID',
    Heroku: 'DYNO',
  }).map(([platform, variable]) => [
    `behind the proxy of ${platform}`,
    { [variable]: 'auth-1' },
    'warn CLIENT_IP_HEADER_MISSING CLIENT_IP_HEADER',
  ]),
  'the database': [
    ['without sslmode', database(''), 'warn DATABASE_TLS_OFF DATABASE_URL'],
    ['with TLS off', database('?sslmode=disable'), 'warn DATABASE_TLS_OFF DATABASE_URL'],
    ['with TLS left open', database('?sslmode=allow'), 'warn DATABASE_TLS_OFF DATABASE_URL'],
    [
      'on a public address',
      database('?sslmode=disable', '203.0.113.7'),
      'warn DATABASE_TLS_OFF DATABASE_URL',
    ],
    [
      'behind any certificate',
      database('?sslmode=no-verify'),
      'warn DATABASE_TLS_UNVERIFIED DATABASE_URL',
    ],
    [
      'without TLS for migrations',
      { DATABASE_URL_UNPOOLED: 'postgresql://auth:word@ep-quiet.neon.tech/auth' },
      'warn DATABASE_TLS_OFF DATABASE_URL_UNPOOLED',
    ],
  ],
};

/** What an operator has to look at; `info` explains a choice. */
const seen = (env: Environment) =>
  findingsOf(env)
    .filter(({ level }) => level !== 'info')
    .map(({ level, code, variable }) => `${level} ${code} ${variable}`);

describe.each(Object.entries(causes))('%s', (_, rows) => {
  test.each(rows)('%s', (_fault, env, finding) => {
    expect(seen(env)).toEqual([finding]);
  });
});

describe('what is as it should be gives no finding', () => {
  test.each<readonly [string, Environment]>([
    ['nothing changed', {}],
    [
      'an API that the cookie reaches',
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

test('another domain than production’s on Vercel is mentioned, not warned of: a project may have several', () => {
  const vercel = { VERCEL: '1', VERCEL_PROJECT_PRODUCTION_URL: 'a.vercel.app' };
  const code = 'info BASE_URL_NOT_PRODUCTION_URL BETTER_AUTH_URL';
  expect(findingCodes({ ...vercel, VERCEL_ENV: 'production' })).toEqual([code]);
  expect(findingCodes({ ...vercel, VERCEL_ENV: 'preview' })).not.toContain(code);
});

test('an API out of reach: the finding says how many, the remedy, and no host', () => {
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

test('no setting makes a cookie of more than 4096 bytes, its longest name and attributes included', () => {
  const host = Array.from({ length: 4 }, () => 'a'.repeat(62))
    .join('.')
    .slice(4);
  const env = { BETTER_AUTH_URL: `https://auth.${host}`, COOKIE_DOMAIN: host };
  const { config } = optionsFor({ ...env, BETTER_AUTH_TRUSTED_ORIGINS: 'https://example.com' });
  const signature = encodeURIComponent('+'.repeat(43) + '=');
  const value = `${'t'.repeat(32)}.${signature}`;
  const { sessionCookieName, domain } = config.cookies;
  const attributes = `; Domain=${domain}; Path=/; Max-Age=34560000; HttpOnly; Secure; SameSite=None; Partitioned`;
  expect(`${sessionCookieName}=${value}${attributes}`.length).toBeLessThan(1024);
});
