import { expect, test } from 'vitest';
import { readConfig } from '../../../src/config/config.js';
import type { Environment } from '../../../src/config/environment.js';
import { findingCodes, validEnvironment, testNow } from '../../support/configuration.js';

const inMinutes = (minutes: number) => new Date(testNow.getTime() + minutes * 60_000).toISOString();
const raw = (until: string | undefined, env: Environment = {}) =>
  findingCodes({ COOKIE_DEBUG: 'raw', COOKIE_DEBUG_UNTIL: until, ...env });
const fault = (code: string) => [`error ${code} COOKIE_DEBUG_UNTIL`];

test('COOKIE_DEBUG=raw without COOKIE_DEBUG_UNTIL is an error, in development too', () => {
  expect(raw(undefined)).toEqual(fault('COOKIE_DEBUG_UNTIL_MISSING'));
  expect(raw(undefined, { NODE_ENV: 'test' })).toEqual(fault('COOKIE_DEBUG_UNTIL_MISSING'));
});

test('an invalid COOKIE_DEBUG_UNTIL is reported once, and not also as missing', () => {
  expect(raw('soon')).toEqual(fault('COOKIE_DEBUG_UNTIL_INVALID'));
});

test('a COOKIE_DEBUG_UNTIL more than an hour ahead is an error in production only', () => {
  expect(raw(inMinutes(60))).toEqual([]);
  expect(raw(inMinutes(60.1))).toEqual(fault('COOKIE_DEBUG_UNTIL_TOO_FAR'));
  expect(raw(inMinutes(600), { NODE_ENV: 'development' })).toEqual([]);
});

test('a COOKIE_DEBUG_UNTIL in the past yields a warning', () => {
  expect(raw(inMinutes(0))).toEqual(['warn COOKIE_DEBUG_OVER COOKIE_DEBUG_UNTIL']);
});

test('COOKIE_DEBUG_UNTIL may have an offset from UTC', () => {
  const env = { COOKIE_DEBUG: 'raw', COOKIE_DEBUG_UNTIL: '2026-01-31T13:30:00+01:00' };
  const { features } = readConfig({ ...validEnvironment, ...env }, testNow);
  expect(features['cookie-debug']).toEqual({ mode: 'raw', until: new Date(inMinutes(30)) });
});

test('without raw, COOKIE_DEBUG_UNTIL is neither required nor checked', () => {
  expect(findingCodes({ COOKIE_DEBUG: 'summary' })).toEqual([]);
  expect(findingCodes({ COOKIE_DEBUG_UNTIL: inMinutes(600) })).toEqual([]);
});

test.each([
  ['COOKIE_DEBUG', ['on', 'true', 'RAW']],
  ['COOKIE_DEBUG_UNTIL', ['tomorrow', '2026-01-31', '2026-01-31T12:00', '2026-02-30T12:00:00Z']],
])('%s with one of the values %j is refused by name', (variable, values) => {
  for (const value of values) {
    const expected = [`error ${variable}_INVALID ${variable}`];
    expect(findingCodes({ [variable]: value }), value).toEqual(expected);
  }
});
