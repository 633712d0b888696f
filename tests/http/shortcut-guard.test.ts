/**
 * The fast path of get-session is safe for the options listed here. Before adding one, read
 * docs/decisions/0001-get-session-shortcut.md; then add it here, or remove the fast path.
 */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { everyFeatureOn } from '../support/every-feature.js';
import { optionsFor } from '../support/options-for.js';

const { options, parts } = await optionsFor({
  ...everyFeatureOn,
  BETTER_AUTH_SECRETS: '2:another-secret-that-is-long-enough-0123456789',
});

/** The groups whose options were all reviewed; the others affect only other endpoints. */
const reviewed = {
  '': [
    'account',
    'advanced',
    'appName',
    'basePath',
    'baseURL',
    'database',
    'databaseHooks',
    'disabledPaths',
    'emailAndPassword',
    'hooks',
    'logger',
    'onAPIError',
    'plugins',
    'rateLimit',
    'secret',
    'secrets',
    'session',
    'telemetry',
    'trustedOrigins',
    'user',
  ],
  session: [
    'additionalFields',
    'cookieCache',
    'deferSessionRefresh',
    'disableSessionRefresh',
    'expiresIn',
    'freshAge',
    'updateAge',
  ],
  user: ['additionalFields', 'changeEmail', 'deleteUser'],
  account: ['accountLinking', 'encryptOAuthTokens', 'storeAccountCookie', 'storeStateStrategy'],
  advanced: [
    'cookiePrefix',
    'crossSubDomainCookies',
    'database',
    'defaultCookieAttributes',
    'disableCSRFCheck',
    'disableOriginCheck',
    'ipAddress',
    'skipTrailingSlashes',
    'trustedProxyHeaders',
    'useSecureCookies',
  ],
  hooks: ['after', 'before'],
  databaseHooks: ['session'],
  'databaseHooks.session': ['create', 'update'],
};

test.each(Object.entries(reviewed))('of the options %s none is new', (group, names) => {
  const path = group === '' ? [] : group.split('.');
  const found = path.reduce<object>((at, key) => at[key as keyof object], options);
  expect(Object.keys(found).sort((a, b) => a.localeCompare(b, 'en'))).toEqual(names);
});

test('every plugin but step-up belongs to a feature', () => {
  const ofFeatures = parts.flatMap(({ plugins = [] }) => plugins.map(({ id }) => id));
  expect(options.plugins.map(({ id }) => id)).toEqual(['step-up', ...ofFeatures]);
  expect(ofFeatures).not.toHaveLength(0);
});

test('the jwt plugin adds no header to get-session', () => {
  const jwt = options.plugins.find(({ id }) => id === 'jwt');
  expect(jwt?.options).toMatchObject({ disableSettingJwtHeader: true });
  expect(jwt?.options).not.toHaveProperty('sessionCookieCache');
});

test('options that affect the response of get-session have the values that the fast path expects', () => {
  expect(options.session).toMatchObject({
    cookieCache: { enabled: false },
    deferSessionRefresh: false,
    disableSessionRefresh: false,
  });
  expect(options.rateLimit.customRules).toMatchObject({ '/get-session': false });
  expect(options.disabledPaths).toEqual([
    '/error',
    '/delete-user/callback',
    // These would give a provider's tokens to a page (features/redirect-sign-in).
    '/get-access-token',
    '/refresh-token',
    '/account-info',
  ]);
  expect(options.user.additionalFields).toMatchObject({ deleteAfter: { returned: false } });
  expect(options.session.additionalFields).toMatchObject({
    secondFactorDue: { returned: false },
  });
  expect(options.hooks).not.toHaveProperty('before.matcher');
});

test('BetterAuth has the version whose responses were compared', async () => {
  const manifest = JSON.parse(await readFile('package.json', 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  expect(manifest.devDependencies['better-auth']).toBe('1.7.25');
});
