import { expect, test } from 'vitest';
import { readConfig } from '../../../src/config/config.js';
import type { Environment } from '../../../src/config/environment.js';
import { findingCodes, validEnvironment, testNow } from '../../support/configuration.js';

const inMinutes = (minutes: number) => new Date(testNow.getTime() + minutes * 60_000).toISOString();
const raw = (until: string | undefined, env: Environment = {}) =>
  findingCodes({ COOKIE_DEBUG: 'raw', COOKIE_DEBUG_UNTIL: until, ...env });
const fault = (code: string) => [`error ${code} COOKIE_DEBUG_UNTIL`];

test('raw without an end stops the start, in development too', () => {
  expect(raw(undefined)).toEqual(fault('COOKIE_DEBUG_UNTIL_MISSING'));
  expect(raw(undefined, { NODE_ENV: 'test' })).toEqual(fault('COOKIE_DEBUG_UNTIL_MISSING'));
});

test('an end that cannot be read is reported once, not as missing too', () => {
  expect(raw('soon')).toEqual(fault('COOKIE_DEBUG_UNTIL_INVALID'));
});

test('an end more than an hour ahead stops the start in production alone', () => {
  expect(raw(inMinutes(60))).toEqual([]);
  expect(raw(inMinutes(60.1))).toEqual(fault('COOKIE_DEBUG_UNTIL_TOO_FAR'));
  expect(raw(inMinutes(600), { NODE_ENV: 'development' })).toEqual([]);
});

test('an end that has passed is warned of', () => {
  expect(raw(inMinutes(0))).toEqual(['warn COOKIE_DEBUG_OVER COOKIE_DEBUG_UNTIL']);
});

test('an end with an offset from UTC is understood', () => {
  const env = { COOKIE_DEBUG: 'raw', COOKIE_DEBUG_UNTIL: '2026-01-31T13:30:00+01:00' };
  const { features } = readConfig({ ...validEnvironment, ...env }, testNow);
  expect(features['cookie-debug']).toEqual({ mode: 'raw', until: new Date(inMinutes(30)) });
});

test('without raw it is neither needed nor minded', () => {
  expect(findingCodes({ COOKIE_DEBUG: 'summary' })).toEqual([]);
  expect(findingCodes({ COOKIE_DEBUG_UNTIL: inMinutes(600) })).toEqual([]);
});

test.each([
  ['COOKIE_DEBUG', ['on', 'true', 'RAW']],
  ['COOKIE_DEBUG_UNTIL', ['tomorrow', '2026-01-31', '2026-01-31T12:00', '2026-02-30T12:00:00Z']],
])('%s holding one of %j is refused by name', (variable, values) => {
  for (const value of values) {
    const expected = [`error ${variable}_INVALID ${variable}`];
    expect(findingCodes({ [variable]: value }), value).toEqual(expected);
  }
});
