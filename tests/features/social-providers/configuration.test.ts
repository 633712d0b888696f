/** The variables of providers: complete, valid, and reported by name. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '../../../src/config/config.js';
import { findingCodes, testNow, validEnvironment } from '../../support/configuration.js';

const providersOf = (env: Record<string, string>) =>
  readConfig({ ...validEnvironment, ...env }, testNow).features['social-providers']?.providers;

const custom = {
  OIDC_MY_SCHOOL_ISSUER: 'https://id.school.example/realms/a/',
  OIDC_MY_SCHOOL_CLIENT_ID: 'an-id',
  OIDC_MY_SCHOOL_CLIENT_SECRET: ' a-secret\n',
};

test('without variables there is no provider', () => {
  expect(providersOf({})).toBeUndefined();
});

test('an OpenID provider has the name of its variables; white space is removed, the issuer is kept as it is', () => {
  expect(providersOf(custom)).toEqual([
    {
      kind: 'oidc',
      id: 'my-school',
      label: 'MY_SCHOOL',
      issuer: 'https://id.school.example/realms/a/',
      clientId: 'an-id',
      clientSecret: 'a-secret',
      redirectUri: 'https://auth.example.com/api/auth/callback/my-school',
    },
  ]);
  expect(providersOf({ ...custom, OIDC_MY_SCHOOL_LABEL: 'School' })).toMatchObject([
    { label: 'School' },
  ]);
});

test.each([
  [{ GOOGLE_CLIENT_ID: 'an-id' }, 'error PROVIDER_INCOMPLETE GOOGLE_CLIENT_SECRET'],
  [{ GITHUB_CLIENT_SECRET: 'a-secret' }, 'error PROVIDER_INCOMPLETE GITHUB_CLIENT_ID'],
  [{ APPLE_KEY_ID: 'F6G7H8I9J0' }, 'error PROVIDER_INCOMPLETE APPLE_CLIENT_ID'],
  [{ OIDC_X_LABEL: 'X' }, 'error PROVIDER_INCOMPLETE OIDC_X_ISSUER'],
  [
    { ...custom, OIDC_MY_SCHOOL_ISSUER: 'http://id.school.example' },
    'error OIDC_ISSUER_INVALID OIDC_MY_SCHOOL_ISSUER',
  ],
  [
    { ...custom, OIDC_MY_SCHOOL_ISSUER: 'id.school.example' },
    'error OIDC_ISSUER_INVALID OIDC_MY_SCHOOL_ISSUER',
  ],
  [
    { ...custom, OIDC_MY_SCHOOL_ISSUER: 'https://id.example/.well-known/openid-configuration' },
    'error OIDC_ISSUER_INVALID OIDC_MY_SCHOOL_ISSUER',
  ],
  [
    {
      OIDC_GOOGLE_ISSUER: 'https://x.example',
      OIDC_GOOGLE_CLIENT_ID: 'x',
      OIDC_GOOGLE_CLIENT_SECRET: 'y',
    },
    'error OIDC_NAME_TAKEN OIDC_GOOGLE_ISSUER',
  ],
  [
    {
      OIDC_CREDENTIAL_ISSUER: 'https://x.example',
      OIDC_CREDENTIAL_CLIENT_ID: 'x',
      OIDC_CREDENTIAL_CLIENT_SECRET: 'y',
    },
    'error OIDC_NAME_TAKEN OIDC_CREDENTIAL_ISSUER',
  ],
  [{ ...custom, OIDC_MY_SCHOOL_SECRET: 'x' }, 'warn VARIABLE_UNKNOWN OIDC_MY_SCHOOL_SECRET'],
  [
    { ALLOWED_EMAIL_DOMAINS: 'example' },
    'error ALLOWED_EMAIL_DOMAINS_INVALID ALLOWED_EMAIL_DOMAINS',
  ],
  [{ GITHUB_URL: 'github.example.com' }, 'error GITHUB_URL_INVALID GITHUB_URL'],
  [
    {
      APPLE_CLIENT_ID: 'com.example.web',
      APPLE_TEAM_ID: 'A1B2C3D4E5',
      APPLE_KEY_ID: 'F6G7H8I9J0',
      APPLE_PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----',
    },
    'error APPLE_PRIVATE_KEY_INVALID APPLE_PRIVATE_KEY',
  ],
])('%o is reported as %s', (env, expected) => {
  expect(findingCodes(env as Record<string, string>)).toContain(expected);
});

test('APPLE_PRIVATE_KEY may be the path of the key file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'apple-key-'));
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeFile(join(folder, 'key.p8'), pem);
  const apple = {
    APPLE_CLIENT_ID: 'com.example.web',
    APPLE_TEAM_ID: 'A1B2C3D4E5',
    APPLE_KEY_ID: 'F6G7H8I9J0',
  };
  const fromFile = { ...apple, APPLE_PRIVATE_KEY: join(folder, 'key.p8') };
  expect(providersOf(fromFile)).toMatchObject([{ id: 'apple', privateKey: pem }]);
  await rm(folder, { recursive: true });
  expect(findingCodes(fromFile)).toContain('error APPLE_PRIVATE_KEY_INVALID APPLE_PRIVATE_KEY');
});

test('an empty value counts as not set', () => {
  expect(
    providersOf({ GOOGLE_CLIENT_ID: '', GOOGLE_CLIENT_SECRET: '', OIDC_X_ISSUER: '' }),
  ).toBeUndefined();
});

test('domains are lower case, with or without the @', () => {
  const { features } = readConfig(
    { ...validEnvironment, ...custom, ALLOWED_EMAIL_DOMAINS: ' @Example.com , school.example ' },
    testNow,
  );
  expect(features['social-providers']?.allowedDomains).toEqual(['example.com', 'school.example']);
});
