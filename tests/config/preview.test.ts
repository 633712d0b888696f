import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import type { Environment } from '../../src/config/environment.js';
import { createOriginCheck } from '../../src/config/trusted-origin.js';
import { findingCodes, validEnvironment, testNow } from '../support/configuration.js';

const branchUrl = 'auth-git-new-login-myteam.vercel.app';
const deploymentUrl = 'auth-4f3k2j1h0-myteam.vercel.app';
/** A preview on Vercel with only the variables that production has. */
const previewEnvironment: Environment = {
  NODE_ENV: 'production',
  VERCEL: '1',
  VERCEL_ENV: 'preview',
  VERCEL_URL: deploymentUrl,
  VERCEL_BRANCH_URL: branchUrl,
  VERCEL_PROJECT_PRODUCTION_URL: 'auth.example.com',
  BETTER_AUTH_URL: undefined,
  BETTER_AUTH_TRUSTED_ORIGINS: undefined,
};

const configOf = (changes: Environment) =>
  readConfig({ ...validEnvironment, ...previewEnvironment, ...changes }, testNow);
const codesOf = (changes: Environment) => findingCodes({ ...previewEnvironment, ...changes });
const docs = 'https://docs-*-myteam.vercel.app';

describe('a preview’s own URLs', () => {
  test('are trusted, and the branch URL is the base URL, since it is the same for every push', () => {
    const { baseUrl, trustedOrigins, originPatterns } = configOf({});
    expect(baseUrl).toBe(`https://${branchUrl}`);
    expect(trustedOrigins).toEqual([`https://${branchUrl}`, `https://${deploymentUrl}`]);
    expect(originPatterns).toEqual([]);
    expect(codesOf({})).toEqual([]);
  });

  test('without a branch the deployment URL is the base URL', () => {
    const { baseUrl, trustedOrigins } = configOf({ VERCEL_BRANCH_URL: '' });
    expect(baseUrl).toBe(`https://${deploymentUrl}`);
    expect(trustedOrigins).toEqual([`https://${deploymentUrl}`]);
  });

  test('prevent the start if they are unknown, and the finding names the platform’s setting', () => {
    const unknown = { VERCEL_URL: undefined, VERCEL_BRANCH_URL: undefined };
    expect(codesOf(unknown)).toEqual([
      'warn PREVIEW_URL_UNKNOWN VERCEL_URL',
      'error BASE_URL_MISSING BETTER_AUTH_URL',
    ]);
    const environment = { ...unknown, BETTER_AUTH_URL: 'https://auth-preview.example.com' };
    expect(codesOf(environment)).toEqual([
      'warn PREVIEW_URL_UNKNOWN VERCEL_URL',
      'info PREVIEW_BASE_URL_FOREIGN BETTER_AUTH_URL',
    ]);
  });

  test.each(['production', 'development', undefined])('have no effect in %s', (name) => {
    const { trustedOrigins } = configOf({
      VERCEL_ENV: name,
      BETTER_AUTH_URL: 'https://auth.example.com',
    });
    expect(trustedOrigins).toEqual(['https://auth.example.com']);
  });

  test.each(['evil.example/x', 'evil.example:1', 'a@evil.example', 'https://evil.example', 'evil'])(
    '%s is not a host and is not trusted',
    (value) => {
      const { trustedOrigins } = configOf({ VERCEL_URL: value });
      expect(trustedOrigins).toEqual([`https://${branchUrl}`]);
    },
  );
});

describe('BETTER_AUTH_URL in a preview', () => {
  test('of production causes a warning; the preview’s own URLs are trusted, and the cookie is cross-site', () => {
    const env = { BETTER_AUTH_URL: 'https://auth.example.com' };
    expect(codesOf(env)).toEqual(['warn PREVIEW_USES_PRODUCTION_URL BETTER_AUTH_URL']);
    expect(configOf(env).trustedOrigins).toContain(`https://${branchUrl}`);
    expect(configOf(env).cookies).toMatchObject({ sameSite: 'none', partitioned: true });
  });

  test('with the preview’s own domain is reported with level info, and its own URL is not reported', () => {
    expect(codesOf({ BETTER_AUTH_URL: 'https://auth-preview.example.com' })).toEqual([
      'info PREVIEW_BASE_URL_FOREIGN BETTER_AUTH_URL',
    ]);
    expect(codesOf({ BETTER_AUTH_URL: `https://${branchUrl}` })).toEqual([]);
    expect(codesOf({ BETTER_AUTH_URL: `https://${deploymentUrl}` })).toEqual([]);
  });
});

test('a site on vercel.app is on another site than the service: None and Partitioned', () => {
  const none = { sameSite: 'none', partitioned: true, secure: true };
  expect(configOf({ VERCEL_URL: '', PREVIEW_ORIGINS: docs }).cookies).toMatchObject(none);
});

test('a site and a service below the same domain are on the same site', () => {
  const own = 'auth-git-x-myteam.preview.example.com';
  const env = {
    VERCEL_BRANCH_URL: own,
    VERCEL_URL: '',
    PREVIEW_ORIGINS: 'https://docs-*-myteam.preview.example.com',
  };
  expect(configOf(env).cookies).toMatchObject({ sameSite: 'lax', partitioned: false });
  expect(codesOf(env)).toEqual([]);
});

describe('PREVIEW_ORIGINS', () => {
  const shared = 'info PREVIEW_ORIGINS_SHARED_HOST PREVIEW_ORIGINS';

  test('patterns and exact origins are accepted and normalized', () => {
    const env = { PREVIEW_ORIGINS: `https://Docs-*-myteam.Vercel.app , https://a.example.org,` };
    const { trustedOrigins, originPatterns } = configOf(env);
    expect(originPatterns).toEqual([docs]);
    expect(trustedOrigins).toContain('https://a.example.org');
    expect(codesOf(env)).toEqual([shared]);
  });

  test.each([
    'https://docs-*-myteam.vercel.app',
    'https://docs-git-*-myteam.vercel.app',
    'https://docs-*.example.com',
    'https://*.preview.example.com',
    'https://docs-*-myteam.preview.example.com:8443',
    'https://*.docs.pages.dev',
  ])('%s matches only one project', (pattern) => {
    expect(configOf({ PREVIEW_ORIGINS: pattern }).originPatterns).toEqual([pattern]);
  });

  test.each([
    'https://*.vercel.app',
    'https://*-myteam.vercel.app',
    'https://docs-*.vercel.app',
    'https://docs*myteam.vercel.app',
    'https://-*-.vercel.app',
    'https://www.docs-*-myteam.vercel.app',
    'https://docs.*.app',
    'https://docs.vercel.*',
    'https://*',
    'https://*.com',
    'https://docs-*-myteam.com',
    'https://*.co.uk',
    'https://docs-*-me.co.uk',
    'https://*.example.com',
    'https://*.github.io',
    'https://docs-*-me.github.io',
    'https://docs-*-me.netlify.app',
    'https://*.localhost',
  ])('%s, which matches deployments of others, is an error', (pattern) => {
    expect(codesOf({ PREVIEW_ORIGINS: pattern })).toEqual([
      'error PREVIEW_ORIGINS_TOO_WIDE PREVIEW_ORIGINS',
    ]);
  });

  test.each([
    ['two stars', 'https://*-git-*-myteam.vercel.app', 'WILDCARD'],
    ['two stars together', 'https://docs-**-myteam.vercel.app', 'WILDCARD'],
    ['only a star', '*', 'INVALID'],
    ['a star for the scheme', '*://docs-x-myteam.vercel.app', 'INVALID'],
    ['a star for the port', 'https://docs-x-myteam.vercel.app:*', 'INVALID'],
    ['a star in a path', 'https://docs-x-myteam.vercel.app/*', 'HAS_PATH'],
    ['a star for a user', 'https://*@docs-x-myteam.vercel.app', 'HAS_PATH'],
    ['http', 'http://docs-*.example.com', 'NOT_HTTPS'],
    ['letters outside ASCII', 'https://döcs-*.example.com', 'INVALID'],
    ['no scheme', 'docs-*-myteam.vercel.app', 'INVALID'],
  ])('%s is refused by name', (_, pattern, code) => {
    const env = { PREVIEW_ORIGINS: `https://docs-*-myteam.preview.example.com,${pattern}` };
    expect(codesOf(env)).toEqual([`error PREVIEW_ORIGINS_${code} PREVIEW_ORIGINS`]);
  });

  test.each([
    ['another team', 'https://docs-*-otherteam.vercel.app'],
    ['the end of the team’s name', 'https://docs-*-team.vercel.app', 'my-team'],
    ['a letter less', 'https://docs-*-yteam.vercel.app'],
  ])('a pattern that ends in %s is ignored', (_, pattern, team = 'myteam') => {
    const env = {
      VERCEL_BRANCH_URL: `auth-git-x-${team}.vercel.app`,
      VERCEL_URL: `auth-4f3k2j1h0-${team}.vercel.app`,
      PREVIEW_ORIGINS: pattern,
    };
    expect(codesOf(env)).toEqual(['warn PREVIEW_ORIGINS_OTHER_TEAM PREVIEW_ORIGINS']);
    expect(configOf(env).originPatterns).toEqual([]);
  });

  test.each(['VERCEL_URL', 'VERCEL_BRANCH_URL'])(
    'another team’s pattern is rejected if %s is missing',
    (lacks) => {
      const env = {
        VERCEL_BRANCH_URL: 'auth-git-x-myteam.vercel.app',
        VERCEL_URL: 'auth-4f3k2j1h0-myteam.vercel.app',
        PREVIEW_ORIGINS: 'https://docs-*-otherteam.vercel.app',
        [lacks]: '',
      };
      expect(codesOf(env)).toContain('warn PREVIEW_ORIGINS_OTHER_TEAM PREVIEW_ORIGINS');
      expect(configOf(env).originPatterns).toEqual([]);
    },
  );

  test('the team is found even if more of the two URLs is the same', () => {
    const env = {
      VERCEL_BRANCH_URL: 'auth-git-fix0-my-team.vercel.app',
      VERCEL_URL: 'auth-4f3k2jx0-my-team.vercel.app',
      PREVIEW_ORIGINS: 'https://docs-*-my-team.vercel.app',
    };
    expect(codesOf(env)).toEqual([shared]);
    expect(codesOf({ ...env, VERCEL_BRANCH_URL: '' })).toEqual([shared]);
  });

  test.each(['production', undefined])('has no effect in %s, with a finding', (name) => {
    const env = {
      VERCEL_ENV: name,
      BETTER_AUTH_URL: 'https://auth.example.com',
      PREVIEW_ORIGINS: `${docs},https://*.vercel.app,https://a.example.org`,
    };
    const { trustedOrigins, originPatterns, cookies } = configOf(env);
    expect(trustedOrigins).toEqual(['https://auth.example.com']);
    expect(originPatterns).toEqual([]);
    expect(cookies).toMatchObject({ sameSite: 'lax' });
    expect(codesOf(env)).toEqual(['info PREVIEW_ORIGINS_IGNORED PREVIEW_ORIGINS']);
  });
});

test('a pattern matches a part of one label only', () => {
  const isTrusted = createOriginCheck({ trustedOrigins: [], originPatterns: [docs] });
  expect(isTrusted('https://docs-4f3k2j1h0-myteam.vercel.app')).toBe(true);
  expect(isTrusted('https://docs-git-new-login-myteam.vercel.app')).toBe(true);
  for (const origin of [
    'https://docs--myteam.vercel.app',
    'https://docs-myteam.vercel.app',
    'https://docs-x-myteam.vercel.app.evil.example',
    'https://docs-x-myteam.vercel.app:8443',
    'https://docs-x-myteam.vercel.app/',
    'https://docs-evil.example-myteam.vercel.app',
    'https://docs-evil.example/-myteam.vercel.app',
    'https://docs-x@evil-myteam.vercel.app',
    'https://docs-x:1-myteam.vercel.app',
    'https://docs-X-myteam.vercel.app',
    'https://docs-x_y-myteam.vercel.app',
    'https://docs-x-myteam-vercel.app',
    'https://docs-x-myteamxvercel.app',
    'https://evil-docs-x-myteam.vercel.app',
    'http://docs-x-myteam.vercel.app',
    'https://docs-x-myteam.vercel.app\n',
    'https://docs-*-myteam.vercel.app',
    'null',
    '',
  ]) {
    expect(isTrusted(origin), origin).toBe(false);
  }
});
