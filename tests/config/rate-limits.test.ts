import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/config/finding.js';
import {
  isPauseRule,
  isRateLimit,
  readPauseRule,
  readRateLimit,
  readRateLimits,
} from '../../src/config/rate-limits.js';
import { coreVariables } from '../../src/config/variables.js';

test.each([
  ['3/10s', { max: 3, windowSeconds: 10 }],
  ['60/10s', { max: 60, windowSeconds: 10 }],
  ['10/5m', { max: 10, windowSeconds: 300 }],
  ['1/24h', { max: 1, windowSeconds: 86_400 }],
  ['99999/1s', { max: 99_999, windowSeconds: 1 }],
])('%s is accepted', (text, limit) => {
  expect(isRateLimit(text)).toBe(true);
  expect(readRateLimit(text)).toEqual(limit);
});

test.each([
  '3',
  '3/10',
  '/10s',
  '3/s',
  '0/10s',
  '3/0s',
  '-3/10s',
  '3.5/10s',
  '3/10d',
  '3/25h',
  '1441/1441m3',
  '3 / 10s',
  '3/10S',
  '03/10s',
  '100000/1s',
  '3/1441m',
  '3/86401s',
  'off',
  '3/10s\n',
  '',
])('%j is refused, and the finding shows the format', (text) => {
  expect(isRateLimit(text)).toBe(false);
  for (const name of [
    'RATE_LIMIT_SIGN_IN_PER_ADDRESS',
    'RATE_LIMIT_SIGN_IN_PER_ACCOUNT',
    'RATE_LIMIT_PER_ADDRESS',
  ] as const) {
    const { error } = coreVariables.shape[name].safeParse(text);
    expect(error?.issues[0]?.message).toContain('3/10s');
  }
});

test('the defaults', () => {
  const { shape } = coreVariables;
  expect(shape.RATE_LIMIT_SIGN_IN_PER_ADDRESS.parse(undefined)).toBe('3/10s');
  expect(shape.RATE_LIMIT_PER_ADDRESS.parse(undefined)).toBe('100/10s');
});

test.each([
  ['3/10s/15m', { free: 3, firstSeconds: 10, longestSeconds: 900 }],
  ['10/1m/24h', { free: 10, firstSeconds: 60, longestSeconds: 86_400 }],
])('the pauses %s are accepted', (text, rule) => {
  expect(isPauseRule(text)).toBe(true);
  expect(readPauseRule(text)).toEqual(rule);
});

test.each([
  '3/10s',
  '0/10s/15m',
  '3/0s/15m',
  '3/15m/10s',
  '3/10s/25h',
  '3/10/15m',
  '100/1s/1m',
  '',
])('the pauses %j are refused, and the finding shows the format', (text) => {
  expect(isPauseRule(text)).toBe(false);
  const { error } = coreVariables.shape.LIMIT_PAUSE.safeParse(text);
  expect(error?.issues[0]?.message).toContain('3/10s/15m');
});

describe('LIMIT_NETWORK', () => {
  function networkLimit(env: Record<string, string>) {
    const findings: Finding[] = [];
    const { wrongPasswordsPerAddress } = readRateLimits(
      coreVariables.parse(env),
      (variable) => variable in env,
      findings,
    );
    return { ...wrongPasswordsPerAddress, codes: findings.map(({ code }) => code) };
  }

  test('has a default', () => {
    expect(networkLimit({})).toEqual({
      max: 60,
      windowSeconds: 600,
      variable: 'LIMIT_NETWORK',
      codes: [],
    });
  });

  test('inherits a RATE_LIMIT_SIGN_IN_PER_ADDRESS that was set before it existed, with a finding', () => {
    expect(networkLimit({ RATE_LIMIT_SIGN_IN_PER_ADDRESS: '60/10s' })).toEqual({
      max: 60,
      windowSeconds: 10,
      variable: 'RATE_LIMIT_SIGN_IN_PER_ADDRESS',
      codes: ['LIMIT_NETWORK_INHERITED'],
    });
  });

  test('counts where both are set', () => {
    const env = { RATE_LIMIT_SIGN_IN_PER_ADDRESS: '60/10s', LIMIT_NETWORK: '300/10m' };
    expect(networkLimit(env)).toMatchObject({ max: 300, windowSeconds: 600, codes: [] });
  });
});
