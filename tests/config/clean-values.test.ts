/** Characters added by a dashboard or a shell around a value are handled in the same way for every variable, with a warning. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { operatorVariables } from '../../src/config/variables.js';
import {
  codeOf,
  findingCodes,
  findingsOf,
  validEnvironment,
  testNow,
} from '../support/configuration.js';
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

/** As in Apple's key file, on one line. */
const applePrivateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()
  .trim()
  .replaceAll('\n', String.raw`\n`);

/** A valid value of each variable that is not a secret. */
const validValues: Record<string, string> = {
  DATABASE_URL: 'postgresql://auth:word@ep-calm-pooler.neon.tech/auth?sslmode=require',
  DATABASE_URL_UNPOOLED: 'postgresql://auth:word@ep-quiet.neon.tech/auth?sslmode=require',
  MIGRATE_IN_PREVIEW: 'on',
  BETTER_AUTH_URL: 'https://auth.example.com',
  BETTER_AUTH_TRUSTED_ORIGINS: 'https://www.example.com,https://docs.example.com',
  SITE_PAGES: 'https://www.example.com/auth/confirm',
  PREVIEW_ORIGINS: 'https://docs-*-team.vercel.app',
  API_URLS: 'https://auth.example.com/api',
  SESSION_IDLE_DAYS: '8',
  SESSION_ABSOLUTE_DAYS: '31',
  LIMIT_PAUSE: '5/30s/1h',
  LIMIT_NETWORK: '300/10m',
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
  GOOGLE_CLIENT_ID: '1234-abc.apps.googleusercontent.com',
  GOOGLE_CLIENT_SECRET: 'a-client-secret-of-google',
  GITHUB_URL: 'https://github.example.com',
  MICROSOFT_CLIENT_ID: '6731de76-14a6-49ae-97bc-6eba6914391e',
  MICROSOFT_CLIENT_SECRET: 'a-client-secret-of-microsoft',
  MICROSOFT_TENANT: 'organizations',
  APPLE_CLIENT_ID: 'com.example.web',
  APPLE_TEAM_ID: 'A1B2C3D4E5',
  APPLE_KEY_ID: 'F6G7H8I9J0',
  APPLE_PRIVATE_KEY: applePrivateKey,
  DISCORD_CLIENT_ID: '157730590492196864',
  DISCORD_CLIENT_SECRET: 'a-client-secret-of-discord',
  GITLAB_CLIENT_ID: '8a61f9b3a7aba766',
  GITLAB_CLIENT_SECRET: 'a-client-secret-of-gitlab',
  GITLAB_ISSUER: 'https://gitlab.example.com',
  CAPTCHA_SITE_KEY: '0x4AAAAAAAAbcdef',
  CAPTCHA_SECRET_KEY: '0x4AAAAAAAAsecret',
  CAPTCHA_ON_OUTAGE: 'closed',
  RESEND_API_KEY: 're_0123456789abcdefABCDEF',
  MAIL_WEBHOOK_URL: 'https://mail.example.com/send',
  MAIL_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
};
const pair = (provider: string): Record<string, string> => ({
  [`${provider}_CLIENT_ID`]: 'an-id',
  [`${provider}_CLIENT_SECRET`]: 'a-secret',
});
const apple = {
  APPLE_CLIENT_ID: 'com.example.web',
  APPLE_TEAM_ID: 'A1B2C3D4E5',
  APPLE_KEY_ID: 'F6G7H8I9J0',
  APPLE_PRIVATE_KEY: applePrivateKey,
};
const turnstile = {
  CAPTCHA: 'turnstile',
  CAPTCHA_SITE_KEY: '0x4AAAAAAAAbcdef',
  CAPTCHA_SECRET_KEY: '0x4AAAAAAAAsecret',
};
const transport = { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'auth@example.com' };

/** What a variable needs to be valid. */
const needs: Record<string, Record<string, string>> = {
  SMTP_URL: { MAIL_FROM: 'auth@example.com' },
  CHANGE_EMAIL: transport,
  CAPTCHA_SITE_KEY: turnstile,
  CAPTCHA_SECRET_KEY: turnstile,
  CAPTCHA_ON_OUTAGE: turnstile,
  RESEND_API_KEY: { MAIL_FROM: 'auth@example.com' },
  EMAIL_VERIFICATION: transport,
  MAIL_WEBHOOK_URL: {
    MAIL_FROM: 'auth@example.com',
    MAIL_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  },
  MAGIC_LINK: transport,
  EMAIL_CODE: transport,
  DATABASE_REPLICA_URL: { REPLICA_MAX_LAG_MS: '1000' },
  REPLICA_MAX_LAG_MS: { DATABASE_REPLICA_URL: everyFeatureOn.DATABASE_REPLICA_URL },
  WEBHOOK_URLS: { WEBHOOK_SECRET: everyFeatureOn.WEBHOOK_SECRET },
  WEBHOOK_SECRET: { WEBHOOK_URLS: everyFeatureOn.WEBHOOK_URLS },
  ADMIN: { SECOND_FACTOR: 'optional' },
  RP_ID: { PASSKEYS: 'on' },
  RP_NAME: { PASSKEYS: 'on' },
  GOOGLE_CLIENT_ID: pair('GOOGLE'),
  GOOGLE_CLIENT_SECRET: pair('GOOGLE'),
  GITHUB_CLIENT_ID: pair('GITHUB'),
  GITHUB_CLIENT_SECRET: pair('GITHUB'),
  GITHUB_URL: pair('GITHUB'),
  MICROSOFT_CLIENT_ID: pair('MICROSOFT'),
  MICROSOFT_CLIENT_SECRET: pair('MICROSOFT'),
  MICROSOFT_TENANT: pair('MICROSOFT'),
  DISCORD_CLIENT_ID: pair('DISCORD'),
  DISCORD_CLIENT_SECRET: pair('DISCORD'),
  GITLAB_CLIENT_ID: pair('GITLAB'),
  GITLAB_CLIENT_SECRET: pair('GITLAB'),
  GITLAB_ISSUER: pair('GITLAB'),
  APPLE_CLIENT_ID: apple,
  APPLE_TEAM_ID: apple,
  APPLE_KEY_ID: apple,
  APPLE_PRIVATE_KEY: apple,
  SOCIAL_SIGN_UP: pair('GITHUB'),
  ALLOWED_EMAIL_DOMAINS: pair('GITHUB'),
  KEEP_PROVIDER_TOKENS: pair('GITHUB'),
};
const secrets = ['BETTER_AUTH_SECRET', 'BETTER_AUTH_SECRETS'];

test('this file tests every variable of the service', () => {
  expect([...Object.keys(validValues), ...secrets].sort()).toEqual(
    Object.keys(operatorVariables.shape).sort(),
  );
});

describe.each(Object.entries(validValues))('%s', (variable, value) => {
  const read = (written: string) => {
    const env = { ...validEnvironment, ...needs[variable], [variable]: written };
    const { findings, ...config } = readConfig(env, testNow);
    return { config, codes: findings.map(codeOf) };
  };
  const expected = read(value);

  test.each(Object.entries({ ...blanks, ...odd }))(
    'ignores a %s at either end, with a warning that names the variable',
    (_what, blank) => {
      const codes = [`warn VARIABLE_HAS_BLANKS ${variable}`, ...expected.codes];
      for (const written of [value + blank, blank + value, blank + value + blank + blank])
        expect(read(written)).toEqual({ ...expected, codes });
    },
  );

  test.each(Object.entries(quotes))(
    'ignores surrounding %s quotes, with a warning that names the variable',
    (_what, [open = '', close = '']) => {
      const codes = [`warn VARIABLE_QUOTED ${variable}`, ...expected.codes];
      for (const written of [open + value + close, `${open}${value}${close}\n`])
        expect(read(written)).toEqual({ ...expected, codes });
    },
  );
});

const secret = 'mK4t8Zp0aWq2xYc7vN1sLd5hRf9gJb3e';

test.each(Object.entries({ ...blanks, ...odd }))(
  'a secret with a %s at either end prevents the start: removing it would sign out every user',
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
  'a secret in %s quotes prevents the start',
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
  '%s set to an empty value is reported as empty, not as missing',
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

test('an optional variable set to an empty value has its default, without a finding', () => {
  const optional = Object.keys(validValues).filter((variable) => !(variable in required));
  for (const variable of optional) expect(findingCodes({ [variable]: '' })).toEqual([]);
});
