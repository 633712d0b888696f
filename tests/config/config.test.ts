import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import type { Environment } from '../../src/config/environment.js';
import { definitions } from '../../src/features/definitions.js';
import { ConfigurationError } from '../../src/config/finding.js';
import { findingCodes, findingsOf, validEnvironment, testNow } from '../support/configuration.js';
import { everyFeatureOn } from '../support/every-feature.js';

const configOf = (env: Environment) => readConfig({ ...validEnvironment, ...env }, testNow);

test('variables that are not set have their defaults', () => {
  expect(configOf({})).toMatchObject({
    environment: 'production',
    isVercel: false,
    commit: undefined,
    directDatabaseUrl: validEnvironment.DATABASE_URL,
    sessionLifetime: { idleSeconds: 604_800, absoluteSeconds: 2_592_000 },
    features: {
      ...Object.fromEntries(definitions.map(({ name }) => [name, undefined])),
      audit: { days: 90, address: 'network' },
    },
    logLevel: 'info',
    port: 3001,
    dataDirectory: '.data',
    clientIpHeader: undefined,
    findings: [],
  });
});

test('an empty variable counts as not set', () => {
  const optional = [
    'DATABASE_URL_UNPOOLED',
    'BETTER_AUTH_SECRETS',
    'MIGRATE_IN_PREVIEW',
    'PREVIEW_ORIGINS',
    'API_URLS',
    'SESSION_IDLE_DAYS',
    'SESSION_ABSOLUTE_DAYS',
    'COOKIE_DOMAIN',
    'LOG_LEVEL',
    'PORT',
    'DATA_DIR',
    'CLIENT_IP_HEADER',
    'NODE_ENV',
    'BETTER_AUTH_ULR',
    ...Object.keys(everyFeatureOn),
  ];
  expect(configOf(Object.fromEntries(optional.map((name) => [name, ''])))).toEqual(configOf({}));
  expect(findingCodes({ DATABASE_URL: '' })).toEqual(['error DATABASE_URL_MISSING DATABASE_URL']);
});

test.each([
  ['LOG_LEVEL', ['verbose', 'INFO', 'in fo']],
  ['PORT', ['http', '-1', '65536', '80.5', '0x50', '1e3', '30 01']],
  ['SESSION_IDLE_DAYS', ['0', '401', '1.5', '-1', 'a week', '7d']],
  ['SESSION_ABSOLUTE_DAYS', ['0', '3651', '1e3', '10000']],
  ['MIGRATE_IN_PREVIEW', ['yes', 'true']],
  ['CLIENT_IP_HEADER', ['x real ip', 'x-real-ip:', 'x_real_ip', 'x-real\n-ip']],
  ['DATABASE_URL', ['mysql://u:p@h/db', 'ep-quiet.neon.tech', 'postgresql://u:p@h:port/db']],
  ['DATABASE_URL', ['postgresql://u:a/b@h/db', 'postgresql://u:1#b@h/db', 'postgres://u:1?b@h/d']],
  ['DATABASE_URL_UNPOOLED', ['psql postgresql://u:p@h/db', "'postgresql://u:p@h/db"]],
])('%s with one of the values %j is refused by name', (variable, values) => {
  for (const value of values) {
    const expected = [`error ${variable}_INVALID ${variable}`];
    expect(findingCodes({ [variable]: value }), value).toEqual(expected);
  }
});

test.each(['BETTER_AUTH_ULR', 'BETTER_AUTH_TRUSTED_ORIGIN', 'COOKIE_DOMIAN', 'COOKIE_SECURE'])(
  'the unknown variable %s is reported and does not prevent the start',
  (variable) => {
    expect(findingCodes({ [variable]: 'x' })).toEqual([`warn VARIABLE_UNKNOWN ${variable}`]);
  },
);

test('all faults are reported together; the error has their codes, without those of warnings', () => {
  const env = {
    DATABASE_URL: 'mysql://x',
    BETTER_AUTH_SECRET: 'short',
    BETTER_AUTH_URL: 'https://auth.example.com/',
    BETTER_AUTH_TRUSTED_ORIGINS: '*',
    COOKIE_DOMAIN: 'com',
    LOG_LEVEL: 'verbose',
    PORT: 'http',
  };
  const codes = [
    'DATABASE_URL_INVALID',
    'LOG_LEVEL_INVALID',
    'PORT_INVALID',
    'SECRET_TOO_SHORT',
    'ORIGIN_WILDCARD',
    'COOKIE_DOMAIN_PUBLIC_SUFFIX',
  ];
  const faults = findingsOf(env).filter(({ level }) => level === 'error');
  expect(faults.map(({ code }) => code)).toEqual(codes);
  expect(() => configOf(env)).toThrow(
    `the configuration has ${codes.length} fault(s): ${codes.join(', ')}`,
  );
  expect(() => configOf(env)).toThrow(ConfigurationError);
});

test('every finding has a fix', () => {
  for (const finding of findingsOf({ BETTER_AUTH_ULR: 'x', PORT: 'http', LOG_LEVEL: 'loud' })) {
    expect(finding.fix).not.toBe('');
    expect(finding.message).not.toBe('');
  }
});

describe('strictness', () => {
  test.each([
    ['nothing is set', {}, 'production', true],
    ['NODE_ENV is a word of one’s own', { NODE_ENV: 'staging' }, 'staging', true],
    ['NODE_ENV=development', { NODE_ENV: 'development' }, 'development', false],
    ['NODE_ENV=test', { NODE_ENV: 'test' }, 'test', false],
    ['a preview on Vercel', { VERCEL_ENV: 'preview' }, 'preview', true],
    ['Vercel says production', { VERCEL_ENV: 'production', NODE_ENV: 'test' }, 'production', true],
  ])('%s: %j', (_, env: Environment, environment, isStrict) => {
    const changes = { NODE_ENV: undefined, ...env };
    expect(configOf(changes).environment).toBe(environment);
    const level = isStrict ? 'error' : 'info';
    expect(findingCodes({ ...changes, BETTER_AUTH_URL: undefined })).toContain(
      `${level} BASE_URL_MISSING BETTER_AUTH_URL`,
    );
  });
});

describe('the client’s address', () => {
  test('comes from x-real-ip on Vercel, which overwrites it', () => {
    expect(configOf({ VERCEL: '1' })).toMatchObject({
      isVercel: true,
      clientIpHeader: 'x-real-ip',
    });
  });

  test('comes from the named header, in lower case, on Vercel too', () => {
    const env = { CLIENT_IP_HEADER: 'CF-Connecting-IP' };
    expect(configOf(env).clientIpHeader).toBe('cf-connecting-ip');
    expect(configOf({ ...env, VERCEL: '1' }).clientIpHeader).toBe('cf-connecting-ip');
  });
});

test('the configuration is deeply frozen', () => {
  const isFrozen = (value: unknown): boolean =>
    typeof value !== 'object' ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(isFrozen));
  const config = configOf({
    BETTER_AUTH_SECRETS: '1:Hc6uTb1oXn9wQe4zGi0kVs7yPl3mDa8r',
    BETTER_AUTH_ULR: 'gives a finding',
  });
  for (const [name, value] of Object.entries(config)) expect(isFrozen(value), name).toBe(true);
  expect(() => (config.trustedOrigins as string[]).push('https://evil.example')).toThrow(TypeError);
});

test('an idle timeout above the absolute timeout is capped, with a warning if the operator set it', () => {
  const cut = { idleSeconds: 86_400, absoluteSeconds: 86_400, refreshAfterSeconds: 43_200 };
  const config = configOf({ SESSION_ABSOLUTE_DAYS: '1' });
  expect(config.sessionLifetime).toEqual(cut);
  expect(config.findings).toEqual([]);
  const both = { SESSION_ABSOLUTE_DAYS: '1', SESSION_IDLE_DAYS: '2' };
  expect(configOf(both).sessionLifetime).toEqual(cut);
  expect(findingCodes(both)).toEqual(['warn SESSION_IDLE_OVER_ABSOLUTE SESSION_IDLE_DAYS']);
});
