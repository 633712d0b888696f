import { expect, test } from 'vitest';
import { isRateLimit, readRateLimit } from '../../src/config/rate-limits.js';
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
