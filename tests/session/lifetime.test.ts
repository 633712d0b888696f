import { describe, expect, test } from 'vitest';
import { bounded, isAtItsEnd, isRefreshDue } from '../../src/session/lifetime.js';

const rules = { idleSeconds: 7, absoluteSeconds: 30, refreshAfterSeconds: 1 };
const at = (seconds: number) => new Date(seconds * 1000);
const session = (createdAt: number, expiresAt: number) => ({
  createdAt: at(createdAt),
  expiresAt: at(expiresAt),
});

test('a session that ends in time stays the very same', () => {
  const inTime = session(0, 30);
  expect(bounded(inTime, rules)).toBe(inTime);
});

test('a session that would end later ends at its absolute end', () => {
  expect(bounded({ ...session(0, 31), id: 's' }, rules)).toEqual({ ...session(0, 30), id: 's' });
});

test.each([
  ['no end', { createdAt: at(0), expiresAt: new Date(NaN) }, at(30)],
  ['no beginning', { createdAt: new Date(NaN), expiresAt: at(7) }, at(0)],
])('a session with %s ends nevertheless', (_, given, expiresAt) => {
  expect(bounded(given, rules)).toEqual({ ...given, expiresAt });
});

test('a second is too little to extend a session by', () => {
  expect(isAtItsEnd({ createdAt: at(0), expiresAt: new Date(29_001) }, rules)).toBe(true);
  expect(isAtItsEnd({ createdAt: at(0), expiresAt: new Date(29_000) }, rules)).toBe(false);
});

describe('a refresh is due', () => {
  test.each([
    ['not before its time', session(0, 7), 0.999, false],
    ['from its time on', session(0, 7), 1, true],
    ['just before the absolute end', session(0, 29), 25, true],
    ['never at the absolute end', session(0, 30), 29, false],
  ])('%s', (_, given, now, expected) => {
    expect(isRefreshDue(given, rules, at(now))).toBe(expected);
    expect(isAtItsEnd(given, rules)).toBe(given.expiresAt.getTime() === 30_000);
  });
});
