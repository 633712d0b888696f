import { describe, expect, test } from 'vitest';
import { capExpiry, isAtMaxLifetime, isRefreshDue } from '../../src/session/lifetime.js';

const rules = { idleSeconds: 7, absoluteSeconds: 30, refreshAfterSeconds: 1 };
const at = (seconds: number) => new Date(seconds * 1000);
const session = (createdAt: number, expiresAt: number) => ({
  createdAt: at(createdAt),
  expiresAt: at(expiresAt),
});

test('a session that expires before its absolute expiry is returned unchanged', () => {
  const inTime = session(0, 30);
  expect(capExpiry(inTime, rules)).toBe(inTime);
});

test('a later expiry is capped at the absolute expiry', () => {
  expect(capExpiry({ ...session(0, 31), id: 's' }, rules)).toEqual({ ...session(0, 30), id: 's' });
});

test.each([
  ['no end', { createdAt: at(0), expiresAt: new Date(NaN) }, at(30)],
  ['no beginning', { createdAt: new Date(NaN), expiresAt: at(7) }, at(0)],
])('a session with %s ends nevertheless', (_, given, expiresAt) => {
  expect(capExpiry(given, rules)).toEqual({ ...given, expiresAt });
});

test('a session that can be extended by less than a second is at its maximum lifetime', () => {
  expect(isAtMaxLifetime({ createdAt: at(0), expiresAt: new Date(29_001) }, rules)).toBe(true);
  expect(isAtMaxLifetime({ createdAt: at(0), expiresAt: new Date(29_000) }, rules)).toBe(false);
});

describe('a refresh is due', () => {
  test.each([
    ['not before its time', session(0, 7), 0.999, false],
    ['from its time on', session(0, 7), 1, true],
    ['just before the absolute end', session(0, 29), 25, true],
    ['never at the absolute end', session(0, 30), 29, false],
  ])('%s', (_, given, now, expected) => {
    expect(isRefreshDue(given, rules, at(now))).toBe(expected);
    expect(isAtMaxLifetime(given, rules)).toBe(given.expiresAt.getTime() === 30_000);
  });
});
