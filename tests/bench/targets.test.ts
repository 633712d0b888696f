import { expect, test } from 'vitest';
import {
  targets,
  failedChecks,
  meets,
  type Target,
  type Measured,
  type MeasureName,
} from '../../bench/targets.js';

const entries = Object.entries(targets) as [MeasureName, Target][];

/** Every measure exactly at its limit, with these changes. */
function allAtLimit(changes: Partial<Record<MeasureName, number>> = {}): Measured[] {
  return entries.map(([measure, { limit = { exactly: 0 } }]) => {
    const [bound] = Object.values(limit) as [number];
    const value = changes[measure] ?? bound;
    return { measure, value, rounds: [value], figures: {} };
  });
}

test('the limit of a minimum ratio is half its target', () => {
  const ratios = entries.flatMap(([, { target, limit }]) =>
    target !== undefined && 'atLeast' in target ? [[target, limit]] : [],
  );
  expect(ratios).toEqual([
    [{ atLeast: 5 }, { atLeast: 2.5 }],
    [{ atLeast: 0.9 }, { atLeast: 0.45 }],
    [{ atLeast: 4 }, { atLeast: 2 }],
    [{ atLeast: 5 }, { atLeast: 2.5 }],
    [{ atLeast: 0.85 }, { atLeast: 0.425 }],
  ]);
});

test('values exactly at their limit pass the check', () => {
  expect(failedChecks(allAtLimit())).toEqual([]);
});

test.each([
  [
    'sessionAgainstBetterAuth',
    2.49,
    /^\/session compared with BetterAuth.*: 2\.49, limit is ≥ 2\.5$/,
  ],
  ['signInAgainstBareHash', 0.42, /password hash only.*: 0\.42, limit is ≥ 0\.425$/],
  ['largeAgainstSmall', 2.31, /p50.*: 2\.31, limit is ≤ 2\.3$/],
  ['memoryGrowth', 1.21, /memory.*: 1\.21, limit is ≤ 1\.2$/],
  ['queriesOfValid', 2, /valid session: 2\.00, limit is = 1$/],
  ['queriesOfValid', 0, /valid session: 0\.00, limit is = 1$/],
  ['queriesOfBadSignature', 0.01, /bad signature: 0\.01, limit is = 0$/],
] as const)('the check fails for %s of %d and only reports that', (measure, value, sentence) => {
  const misses = failedChecks(allAtLimit({ [measure]: value }));
  expect(misses).toHaveLength(1);
  expect(misses[0]).toMatch(sentence);
});

test('a measure for comparison only never fails the check', () => {
  expect(failedChecks(allAtLimit({ silentSessionAgainstOneQuery: 0.01 }))).toEqual([]);
});

test('a missing measure fails the check', () => {
  const withoutMemory = allAtLimit().filter(({ measure }) => measure !== 'memoryGrowth');
  expect(failedChecks(withoutMemory)).toEqual([expect.stringMatching(/memory.*: not measured$/)]);
});

test('NaN meets no bound', () => {
  expect(meets(NaN, { atLeast: 0 })).toBe(false);
  expect(meets(NaN, { atMost: 0 })).toBe(false);
  expect(meets(NaN, { exactly: NaN })).toBe(false);
});
