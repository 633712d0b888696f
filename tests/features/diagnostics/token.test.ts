/** Which values of DIAGNOSTICS_TOKEN are accepted. */
import { expect, test } from 'vitest';
import { findingCodes } from '../../support/configuration.js';

const good = 'mK4t8Zp0aWq2xYc7vN1sLd5hRf9gJb3e';
const other = 'Hc6uTb1oXn9wQe4zGi0kVs7yPl3mDa8r';

test.each([
  ['too short', 'x'.repeat(31)],
  ['with a quote', `"${'aB3-'.repeat(8)}`],
  ['with a blank', `${'aB3-'.repeat(4)} ${'aB3-'.repeat(4)}`],
])('a token that is %s is refused by name', (_, token) => {
  const expected = ['error DIAGNOSTICS_TOKEN_INVALID DIAGNOSTICS_TOKEN'];
  expect(findingCodes({ DIAGNOSTICS_TOKEN: token })).toEqual(expected);
});

test('a random token of 32 characters yields no finding', () => {
  expect(findingCodes({ DIAGNOSTICS_TOKEN: other })).toEqual([]);
  expect(findingCodes({ DIAGNOSTICS_TOKEN: `${other}+/w==` })).toEqual([]);
});

test.each([
  ['the secret', { BETTER_AUTH_SECRET: good }],
  ['the current secret', { BETTER_AUTH_SECRETS: `2:${good},1:${other}` }],
  ['a previous secret', { BETTER_AUTH_SECRETS: `2:${other},1:${good}` }],
])('a token that is also %s prevents the start', (_, env) => {
  expect(findingCodes({ ...env, DIAGNOSTICS_TOKEN: good })).toEqual([
    'error DIAGNOSTICS_TOKEN_IS_SECRET DIAGNOSTICS_TOKEN',
  ]);
});

test('a token that may be guessed yields a warning', () => {
  expect(findingCodes({ DIAGNOSTICS_TOKEN: 'a'.repeat(64) })).toEqual([
    'warn DIAGNOSTICS_TOKEN_LOW_ENTROPY DIAGNOSTICS_TOKEN',
  ]);
});
