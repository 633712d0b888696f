import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { secretFingerprint } from '../../src/config/secrets.js';
import { findingCodes, validEnvironment, testNow } from '../support/configuration.js';

const good = 'mK4t8Zp0aWq2xYc7vN1sLd5hRf9gJb3e';
const other = 'Hc6uTb1oXn9wQe4zGi0kVs7yPl3mDa8r';

const faults = {
  'is not set': [undefined, 'SECRET_MISSING'],
  'is empty': ['', 'SECRET_MISSING'],
  'ends with a newline': [`${good}\n`, 'SECRET_HAS_BLANKS'],
  'ends with a carriage return': [`${good}\r`, 'SECRET_HAS_BLANKS'],
  'begins with a blank': [` ${good}`, 'SECRET_HAS_BLANKS'],
  'is wrapped in double quotes': [`"${good}"`, 'SECRET_QUOTED'],
  'is wrapped in single quotes': [`'${good}'`, 'SECRET_QUOTED'],
  'is BetterAuth’s public default': ['better-auth-secret-12345678901234567890', 'SECRET_DEFAULT'],
  'has 31 characters': [good.slice(1), 'SECRET_TOO_SHORT'],
} as const;

describe('BETTER_AUTH_SECRET', () => {
  test.each(Object.entries(faults))('a secret that %s prevents the start', (_, [value, code]) => {
    expect(findingCodes({ BETTER_AUTH_SECRET: value })).toEqual([
      `error ${code} BETTER_AUTH_SECRET`,
    ]);
  });

  test('a secret of 32 different characters has no findings', () => {
    expect(findingCodes({ BETTER_AUTH_SECRET: good })).toEqual([]);
  });

  test.each([
    ['one character', 'a'.repeat(64), true],
    ['eight characters, 39 of them', 'abcdefgh'.repeat(5).slice(1), true],
    ['eight characters, 40 of them', 'abcdefgh'.repeat(5), false],
    ['hexadecimal digits', '0123456789abcdef'.repeat(2), false],
  ])(
    'a secret made of %s yields a warning if and only if it has less than 120 bits',
    (_, value, isWarned) => {
      const expected = isWarned ? ['warn SECRET_LOW_ENTROPY BETTER_AUTH_SECRET'] : [];
      expect(findingCodes({ BETTER_AUTH_SECRET: value })).toEqual(expected);
    },
  );

  test('quotes inside a secret are part of it', () => {
    expect(findingCodes({ BETTER_AUTH_SECRET: `${good.slice(2)}"x'` })).toEqual([]);
  });
});

describe('BETTER_AUTH_SECRETS', () => {
  const ringOf = (env: Record<string, string | undefined>) =>
    readConfig({ ...validEnvironment, ...env }, testNow).keyRing;

  test('the first of the list signs, the others only verify', () => {
    const env = { BETTER_AUTH_SECRET: undefined, BETTER_AUTH_SECRETS: `2:${good},1:${other}` };
    expect(ringOf(env)).toEqual({
      variable: 'BETTER_AUTH_SECRETS',
      current: { version: 2, value: good },
      previous: [{ version: 1, value: other }],
    });
  });

  test('a single secret in addition to the list still verifies, as the oldest', () => {
    const env = { BETTER_AUTH_SECRET: other, BETTER_AUTH_SECRETS: `1:${good}` };
    expect(ringOf(env)).toMatchObject({
      current: { version: 1, value: good },
      previous: [{ version: 0, value: other }],
    });
  });

  test('a single secret that is also in the list is not duplicated', () => {
    const env = { BETTER_AUTH_SECRET: good, BETTER_AUTH_SECRETS: `1:${good}` };
    expect(ringOf(env).previous).toEqual([]);
  });

  test.each([
    ['no version', good],
    ['an empty entry', `2:${good},`],
    ['a blank before the version', `2:${good}, 1:${other}`],
    ['the same version twice', `1:${good},1:${other}`],
    ['a version that is no number', `new:${good}`],
  ])('a list with %s prevents the start', (_, value) => {
    expect(findingCodes({ BETTER_AUTH_SECRET: undefined, BETTER_AUTH_SECRETS: value })).toEqual([
      'error SECRETS_MALFORMED BETTER_AUTH_SECRETS',
    ]);
  });

  test.each([
    ['a short current secret', `2:short,1:${other}`, 'SECRET_TOO_SHORT'],
    ['a short older secret', `2:${good},1:short`, 'SECRET_TOO_SHORT'],
    ['an older secret with a newline', `2:${good},1:${other}\n`, 'SECRET_HAS_BLANKS'],
  ])('%s of the list prevents the start', (_, value, code) => {
    expect(findingCodes({ BETTER_AUTH_SECRETS: value })).toEqual([
      `error ${code} BETTER_AUTH_SECRETS`,
    ]);
  });

  test('an invalid single secret is reported even if the list is valid', () => {
    const env = { BETTER_AUTH_SECRET: 'short', BETTER_AUTH_SECRETS: `1:${good}` };
    expect(findingCodes(env)).toEqual(['error SECRET_TOO_SHORT BETTER_AUTH_SECRET']);
  });
});

test('a fingerprint is the first 8 hexadecimal digits of the SHA-256', () => {
  const expected = createHash('sha256').update(good).digest('hex').slice(0, 8);
  expect(secretFingerprint({ version: 0, value: good })).toBe(expected);
});

test('a secret with version 0 is rejected if BETTER_AUTH_SECRET has another value, and accepted if it is the same', () => {
  const one = 'mK4t8Zp0aWq2xYc7vN1sLd5hRf9gJb3e';
  const other = 'Hc6uTb1oXn9wQe4zGi0kVs7yPl3mDa8r';
  const codes = (list: string) =>
    findingCodes({ BETTER_AUTH_SECRET: one, BETTER_AUTH_SECRETS: list });
  expect(codes(`0:${other}`)).toEqual(['error SECRET_VERSION_TAKEN BETTER_AUTH_SECRETS']);
  expect(codes(`0:${one}`)).toEqual([]);
});
