import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { findingCodes, findingsOf, validEnvironment, testNow } from '../support/configuration.js';

/** Invalid URL or origin → code after BASE_URL_ or ORIGIN_, in production. */
const faults = {
  'a wildcard': ['https://*.example.com', 'WILDCARD'],
  'only a wildcard': ['*', 'WILDCARD'],
  'no scheme': ['auth.example.com', 'INVALID'],
  'another scheme': ['ftp://auth.example.com', 'INVALID'],
  'the word null': ['null', 'INVALID'],
  'a quote': ['"https://auth.example.com', 'INVALID'],
  'a newline inside': ['https://auth.\nexample.com', 'INVALID'],
  'a path': ['https://auth.example.com/api/auth', 'HAS_PATH'],
  'a query': ['https://auth.example.com?x=1', 'HAS_PATH'],
  'a fragment': ['https://auth.example.com#x', 'HAS_PATH'],
  'a user name': ['https://me@auth.example.com', 'HAS_PATH'],
  'a password without a user name': ['https://:word@auth.example.com', 'HAS_PATH'],
  'http on a public host': ['http://auth.example.com', 'NOT_HTTPS'],
} as const;

describe('BETTER_AUTH_URL', () => {
  test.each(Object.entries(faults))('%s prevents the start', (_, [value, code]) => {
    const env = { BETTER_AUTH_URL: value, BETTER_AUTH_TRUSTED_ORIGINS: undefined };
    expect(findingCodes(env)).toEqual([`error BASE_URL_${code} BETTER_AUTH_URL`]);
  });

  test('a trailing slash is removed with a warning', () => {
    const env = { BETTER_AUTH_URL: 'https://auth.example.com/' };
    expect(findingCodes(env)).toEqual(['warn BASE_URL_TRAILING_SLASH BETTER_AUTH_URL']);
    expect(readConfig({ ...validEnvironment, ...env }, testNow).baseUrl).toBe(
      'https://auth.example.com',
    );
  });

  test('is required in production', () => {
    expect(findingCodes({ BETTER_AUTH_URL: undefined })).toEqual([
      'error BASE_URL_MISSING BETTER_AUTH_URL',
    ]);
  });

  test('in development it is derived from the port, with a finding', () => {
    const env = {
      NODE_ENV: 'development',
      PORT: '4000',
      BETTER_AUTH_URL: undefined,
      BETTER_AUTH_TRUSTED_ORIGINS: 'http://localhost:3000',
    };
    expect(readConfig({ ...validEnvironment, ...env }, testNow).baseUrl).toBe(
      'http://localhost:4000',
    );
    expect(findingCodes(env)).toEqual(['info BASE_URL_MISSING BETTER_AUTH_URL']);
  });

  test.each(['http://localhost:3001', 'http://127.0.0.1:3001', 'http://[::1]:3001'])(
    '%s is accepted over http, in production with a warning: it is the local machine',
    (url) => {
      const env = { BETTER_AUTH_URL: url, BETTER_AUTH_TRUSTED_ORIGINS: undefined };
      expect(findingCodes(env)).toEqual(['warn BASE_URL_LOOPBACK BETTER_AUTH_URL']);
      expect(findingCodes({ ...env, NODE_ENV: 'development' })).toEqual([]);
    },
  );

  test('http on a public host is only a warning in development', () => {
    const env = {
      NODE_ENV: 'development',
      BETTER_AUTH_URL: 'http://auth.example.com',
      BETTER_AUTH_TRUSTED_ORIGINS: undefined,
    };
    expect(findingCodes(env)).toEqual(['warn BASE_URL_NOT_HTTPS BETTER_AUTH_URL']);
  });
});

describe('BETTER_AUTH_TRUSTED_ORIGINS', () => {
  const originsOf = (value: string | undefined) =>
    readConfig({ ...validEnvironment, BETTER_AUTH_TRUSTED_ORIGINS: value }, testNow).trustedOrigins;

  test.each(Object.entries(faults))('an entry with %s prevents the start', (_, [value, code]) => {
    const env = { BETTER_AUTH_TRUSTED_ORIGINS: `https://www.example.com,${value}` };
    expect(findingCodes(env)).toEqual([`error ORIGIN_${code} BETTER_AUTH_TRUSTED_ORIGINS`]);
  });

  test('the finding describes why an entry is invalid', () => {
    const messageOf = (entry: string) =>
      findingsOf({ BETTER_AUTH_TRUSTED_ORIGINS: `https://www.example.com,${entry}` })[0]?.message;
    expect(messageOf('"https://docs.example.com"')).toMatch(/has a quote/);
    expect(messageOf('https://docs. example.com')).toMatch(/has white space/);
    expect(messageOf('docs.example.com')).toMatch(/is not an http or https URL/);
  });

  test('all invalid entries are reported', () => {
    const env = { BETTER_AUTH_TRUSTED_ORIGINS: '*,https://a.example.com/x,b.example.com' };
    expect(findingsOf(env).map(({ code }) => code)).toEqual([
      'ORIGIN_WILDCARD',
      'ORIGIN_HAS_PATH',
      'ORIGIN_INVALID',
    ]);
  });

  test('if unset, only the service’s own origin is trusted', () => {
    expect(originsOf(undefined)).toEqual(['https://auth.example.com']);
  });

  test('white space, empty entries, duplicates, upper case and default ports are normalized', () => {
    const value =
      'https://www.example.com , ,https://WWW.example.com:443,https://auth.example.com,';
    expect(originsOf(value)).toEqual(['https://auth.example.com', 'https://www.example.com']);
  });

  test('a trailing slash, which no Origin header has, is removed with a warning', () => {
    const env = { BETTER_AUTH_TRUSTED_ORIGINS: 'https://www.example.com/' };
    expect(originsOf(env.BETTER_AUTH_TRUSTED_ORIGINS)).toContain('https://www.example.com');
    expect(findingCodes(env)).toEqual(['warn ORIGIN_TRAILING_SLASH BETTER_AUTH_TRUSTED_ORIGINS']);
  });
});

describe('an application among BETTER_AUTH_TRUSTED_ORIGINS', () => {
  const originsOf = (value: string) =>
    readConfig({ ...validEnvironment, BETTER_AUTH_TRUSTED_ORIGINS: value }, testNow);

  test.each(['capacitor://localhost', 'tauri://localhost', 'moz-extension://0b-1c', 'app://x.y:1'])(
    '%s is accepted and makes the cookie cross-site: a web view or extension is another site',
    (origin) => {
      const { trustedOrigins, cookies } = originsOf(origin);
      expect(trustedOrigins).toEqual(['https://auth.example.com', origin]);
      expect(cookies).toMatchObject({ sameSite: 'none', partitioned: true });
    },
  );

  test.each(['myapp://', 'exp://', 'com.example.app://'])(
    'the bare scheme %s is accepted and does not change the cookie: a native app has no site',
    (origin) => {
      const { trustedOrigins, cookies } = originsOf(origin);
      expect(trustedOrigins).toEqual(['https://auth.example.com', origin]);
      expect(cookies).toMatchObject({ sameSite: 'lax', partitioned: false });
    },
  );

  test.each([
    'chrome-extension://',
    'moz-extension://',
    'file://',
    'data://',
    'javascript://',
    'null://',
    'ws://example.com',
    'myapp:',
    'myapp:/',
    'MyApp://',
    'myapp://user@host',
    'myapp://a/b',
  ])('%s is refused by name', (origin) => {
    const [finding, ...more] = findingsOf({ BETTER_AUTH_TRUSTED_ORIGINS: origin });
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ level: 'error', code: 'ORIGIN_INVALID' });
    expect(finding?.fix).toContain('myapp://');
  });
});
