/** What a dashboard or a shell adds around a value is treated alike for every variable, and never silently. */
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { operatorVariables } from '../../src/config/variables.js';
import { findingCodes, findingsOf, soundEnvironment, testNow } from '../support/configuration.js';
import { everyFeatureOn } from '../support/every-feature.js';

const blanks = { blank: ' ', tab: '\t', newline: '\n', 'Windows newline': '\r\n' };
const odd = {
  'no-break space': '\u00a0',
  'zero-width space': '\u200b',
  'byte order mark': '\ufeff',
  'written-out newline': String.raw`\n`,
  'written-out Windows newline': String.raw`\r\n`,
};
const quotes = { double: '""', single: "''", backtick: '``', typographic: '“”' };

/** A sound value of each variable that is no secret. */
const sound: Record<string, string> = {
  DATABASE_URL: 'postgresql://auth:word@ep-calm-pooler.neon.tech/auth?sslmode=require',
  DATABASE_URL_UNPOOLED: 'postgresql://auth:word@ep-quiet.neon.tech/auth?sslmode=require',
  MIGRATE_IN_PREVIEW: 'on',
  BETTER_AUTH_URL: 'https://auth.example.com',
  BETTER_AUTH_TRUSTED_ORIGINS: 'https://www.example.com,https://docs.example.com',
  PREVIEW_ORIGINS: 'https://docs-*-team.vercel.app',
  API_URLS: 'https://auth.example.com/api',
  SESSION_IDLE_DAYS: '8',
  SESSION_ABSOLUTE_DAYS: '31',
  RATE_LIMIT_SIGN_IN_PER_ADDRESS: '60/10s',
  RATE_LIMIT_SIGN_IN_PER_ACCOUNT: '20/5m',
  RATE_LIMIT_PER_ADDRESS: '200/10s',
  COOKIE_DOMAIN: 'example.com',
  LOG_LEVEL: 'debug',
  LOG_FORMAT: 'json',
  PORT: '4000',
  HOST: '127.0.0.1',
  DATABASE_POOL_SIZE: '20',
  DATA_DIR: 'data',
  CLIENT_IP_HEADER: 'x-real-ip',
  ...everyFeatureOn,
};
const secrets = ['BETTER_AUTH_SECRET', 'BETTER_AUTH_SECRETS'];

test('every variable of the service is among those tested here', () => {
  expect([...Object.keys(sound), ...secrets].sort()).toEqual(
    Object.keys(operatorVariables.shape).sort(),
  );
});

describe.each(Object.entries(sound))('%s', (variable, value) => {
  const expected = findingCodes({ [variable]: value });
  const configOf = (written: string) => ({
    ...readConfig({ ...soundEnvironment, [variable]: written }, testNow),
    findings: [],
  });

  test.each(Object.entries({ ...blanks, ...odd }))(
    'with a %s at its ends means the same, with a warning that names it',
    (_what, blank) => {
      for (const written of [value + blank, blank + value, blank + value + blank + blank]) {
        expect(configOf(written)).toEqual(configOf(value));
        const warned = [`warn VARIABLE_HAS_BLANKS ${variable}`, ...expected];
        expect(findingCodes({ [variable]: written })).toEqual(warned);
      }
    },
  );

  test.each(Object.entries(quotes))(
    'in %s quotes means the same, with a warning that names it',
    (_what, [open = '', close = '']) => {
      for (const written of [open + value + close, `${open}${value}${close}\n`]) {
        expect(configOf(written)).toEqual(configOf(value));
        const warned = [`warn VARIABLE_QUOTED ${variable}`, ...expected];
        expect(findingCodes({ [variable]: written })).toEqual(warned);
      }
    },
  );
});

const secret = 'mK4t8Zp0aWq2xYc7vN1sLd5hRf9gJb3e';

test.each(Object.entries({ ...blanks, ...odd }))(
  'a secret with a %s at its ends stops the start: taking it off would sign everybody out',
  (_what, blank) => {
    for (const written of [secret + blank, blank + secret]) {
      expect(findingCodes({ BETTER_AUTH_SECRET: written })).toEqual([
        'error SECRET_HAS_BLANKS BETTER_AUTH_SECRET',
      ]);
      expect(findingCodes({ BETTER_AUTH_SECRETS: `2:${written}` })).toEqual([
        'error SECRET_HAS_BLANKS BETTER_AUTH_SECRETS',
      ]);
    }
  },
);

test.each(Object.entries(quotes))(
  'a secret in %s quotes stops the start',
  (_what, [open, close]) => {
    expect(findingCodes({ BETTER_AUTH_SECRET: `${open}${secret}${close}` })).toEqual([
      'error SECRET_QUOTED BETTER_AUTH_SECRET',
    ]);
  },
);

const required = {
  DATABASE_URL: 'DATABASE_URL_MISSING',
  BETTER_AUTH_SECRET: 'SECRET_MISSING',
  BETTER_AUTH_URL: 'BASE_URL_MISSING',
};

test.each(Object.entries(required))(
  '%s that is there and empty is told as empty, not as missing',
  (variable, code) => {
    for (const written of ['', ' ', '\n', '""', "' '", String.raw`\n`]) {
      const [finding, ...more] = findingsOf({
        [variable]: written,
        BETTER_AUTH_TRUSTED_ORIGINS: undefined,
      });
      expect(more).toEqual([]);
      expect(finding).toMatchObject({ level: 'error', code, variable });
      expect(finding?.message).toMatch(/^is set, but its value is empty/);
    }
    const [missing] = findingsOf({ [variable]: undefined, BETTER_AUTH_TRUSTED_ORIGINS: undefined });
    expect(missing?.message).toMatch(/^is not set/);
  },
);

test('an optional variable that is there and empty has its default, without a word', () => {
  const optional = Object.keys(sound).filter((variable) => !(variable in required));
  for (const variable of optional) expect(findingCodes({ [variable]: '' })).toEqual([]);
});
