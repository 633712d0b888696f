/** Every option of BetterAuth is either set or omitted for a reason given here. */
import type { BetterAuthOptions } from 'better-auth';
import { describe, expect, test } from 'vitest';
import { optionsFor } from '../support/options-for.js';

/** Has every key, so that the type check fails if an upgrade adds one. `true`: set; text: why it is not. */
type Decisions<Group> = Record<keyof NonNullable<Group>, true | string>;
type Group<Name extends keyof BetterAuthOptions> = NonNullable<BetterAuthOptions[Name]>;

function set<Name extends string>(...names: Name[]): Record<Name, true> {
  return Object.fromEntries(names.map((name) => [name, true])) as Record<Name, true>;
}

const noProvider = 'there is no social provider';
const noMail = 'no mail leaves this service yet';
const naming = 'table and column names are in db/schema.ts';
const tableNames = { modelName: naming, fields: naming, additionalFields: naming } as const;

const decisions = {
  '': {
    ...set(
      'appName',
      'baseURL',
      'basePath',
      'secret',
      'trustedOrigins',
      'database',
      'emailAndPassword',
      'user',
      'session',
      'account',
      'rateLimit',
      'advanced',
      'logger',
      'hooks',
      'plugins',
      'disabledPaths',
      'telemetry',
      'onAPIError',
      'databaseHooks',
    ),
    secrets: 'set where BETTER_AUTH_SECRETS is',
    secondaryStorage: 'PostgreSQL keeps everything',
    emailVerification: noMail,
    socialProviders: noProvider,
    verification: noMail,
    experimental: 'nothing experimental',
  } satisfies Decisions<BetterAuthOptions>,
  emailAndPassword: {
    ...set(
      'enabled',
      'disableSignUp',
      'autoSignIn',
      'requireEmailVerification',
      'minPasswordLength',
      'maxPasswordLength',
      'password',
      'resetPasswordTokenExpiresIn',
      'revokeSessionsOnPasswordReset',
    ),
    sendResetPassword: noMail,
    onPasswordReset: noMail,
    onExistingUserSignUp: noMail,
    customSyntheticUser: 'a duplicate sign-up gets an error, because no e-mail could report it',
  } satisfies Decisions<Group<'emailAndPassword'>>,
  'emailAndPassword.password': { hash: true, verify: true } satisfies Decisions<
    Group<'emailAndPassword'>['password']
  >,
  user: {
    ...tableNames,
    ...set('changeEmail', 'deleteUser', 'additionalFields'),
    validateUserInfo: 'everybody may sign up',
  } satisfies Decisions<Group<'user'>>,
  session: {
    ...tableNames,
    ...set(
      'expiresIn',
      'updateAge',
      'freshAge',
      'cookieCache',
      'disableSessionRefresh',
      'deferSessionRefresh',
      'additionalFields',
    ),
    storeSessionInDatabase: 'there is no secondary storage',
    preserveSessionInDatabase: 'there is no secondary storage',
  } satisfies Decisions<Group<'session'>>,
  account: {
    ...tableNames,
    ...set('accountLinking', 'encryptOAuthTokens', 'storeStateStrategy', 'storeAccountCookie'),
    updateAccountOnSignIn: noProvider,
    skipStateCookieCheck: noProvider,
  } satisfies Decisions<Group<'account'>>,
  rateLimit: {
    ...set('enabled', 'storage', 'window', 'max', 'customRules', 'customStorage'),
    modelName: naming,
    fields: naming,
  } satisfies Decisions<Group<'rateLimit'>>,
  advanced: {
    ...set(
      'cookiePrefix',
      'useSecureCookies',
      'defaultCookieAttributes',
      'disableCSRFCheck',
      'disableOriginCheck',
      'trustedProxyHeaders',
      'skipTrailingSlashes',
      'crossSubDomainCookies',
      'ipAddress',
      'database',
    ),
    cookies: 'all cookies carry the same attributes',
    backgroundTasks: 'every write is awaited',
  } satisfies Decisions<Group<'advanced'>>,
  'advanced.ipAddress': {
    ...set('disableIpTracking', 'ipAddressHeaders', 'ipv6Subnet'),
    trustedProxies: 'our own door decides on the address',
  } satisfies Decisions<Group<'advanced'>['ipAddress']>,
  onAPIError: {
    ...set('throw'),
    onError: 'create-auth.ts handles what is thrown',
    errorURL: 'there is no page to send anybody to',
    customizeDefaultErrorPage: 'the page is off',
  } satisfies Decisions<Group<'onAPIError'>>,
  telemetry: { enabled: true, debug: true } satisfies Decisions<Group<'telemetry'>>,
};

const { options } = await optionsFor();

describe.each(Object.entries(decisions))('options %s', (group, names) => {
  const path = group === '' ? [] : group.split('.');
  const found = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], options);

  test.each(Object.entries(names))('%s is set, or omitted for a reason: %s', (name, decision) => {
    const value = (found as Record<string, unknown>)[name];
    if (decision === true) expect(value).toBeDefined();
    else expect(value).toBeUndefined();
  });
});
