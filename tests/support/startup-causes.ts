/** The causes of a null session that startup can detect: how to create each fault, and the finding that it must cause. */
import type { Environment } from '../../src/config/environment.js';

const secret = 'mK4t8Zp0aWq2xYc7vN1sLd5hRf9gJb3e';
const url = (value: string): Environment => ({ BETTER_AUTH_URL: value });
const origin = (value: string): Environment => ({ BETTER_AUTH_TRUSTED_ORIGINS: value });
export const database = (query: string, host = 'ep-quiet-pooler.neon.tech'): Environment => ({
  DATABASE_URL: `postgresql://auth:word@${host}/auth${query}`,
});

/** The fault, how to create it, and the only finding: level, code, and the variable to change. */
type Row = readonly [string, Environment, string];

export const startupCauses: Record<string, readonly Row[]> = {
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
  'what a dashboard adds': [
    [
      'a newline behind the URL',
      url('https://auth.example.com\n'),
      'warn VARIABLE_HAS_BLANKS BETTER_AUTH_URL',
    ],
    [
      'quotes around an origin',
      origin('"https://www.example.com"'),
      'warn VARIABLE_QUOTED BETTER_AUTH_TRUSTED_ORIGINS',
    ],
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
