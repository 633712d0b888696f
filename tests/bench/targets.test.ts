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

/** Every measure at the value that its limit bound just lets pass, with these changes. */
function allAtTheBound(changes: Partial<Record<MeasureName, number>> = {}): Measured[] {
  return entries.map(([measure, { limit = { exactly: 0 } }]) => {
    const [bound] = Object.values(limit) as [number];
    const value = changes[measure] ?? bound;
    return { measure, value, rounds: [value], figures: {} };
  });
}

test('a ratio to reach fails the check below half its target, and no earlier', () => {
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

test('what is at its limit bound passes the check', () => {
  expect(failedChecks(allAtTheBound())).toEqual([]);
});

test.each([
  [
    'sessionAgainstBetterAuth',
    2.49,
    /^\/session against BetterAuth.*: 2\.49, fails outside ≥ 2\.5$/,
  ],
  ['signInAgainstBareHash', 0.42, /bare password hash.*: 0\.42, fails outside ≥ 0\.425$/],
  ['largeAgainstSmall', 2.31, /p50.*: 2\.31, fails outside ≤ 2\.3$/],
  ['memoryGrowth', 1.21, /memory.*: 1\.21, fails outside ≤ 1\.2$/],
  ['queriesOfValid', 2, /valid: 2\.00, fails outside = 1$/],
  ['queriesOfValid', 0, /valid: 0\.00, fails outside = 1$/],
  ['queriesOfBadSignature', 0.01, /bad signature: 0\.01, fails outside = 0$/],
] as const)('the check fails on %s of %d, and names it alone', (measure, value, sentence) => {
  const misses = failedChecks(allAtTheBound({ [measure]: value }));
  expect(misses).toHaveLength(1);
  expect(misses[0]).toMatch(sentence);
});

test('what is told for comparison alone never fails the check', () => {
  expect(failedChecks(allAtTheBound({ silentSessionAgainstOneQuery: 0.01 }))).toEqual([]);
});

test('a measure that is missing fails the check', () => {
  const withoutMemory = allAtTheBound().filter(({ measure }) => measure !== 'memoryGrowth');
  expect(failedChecks(withoutMemory)).toEqual([expect.stringMatching(/memory.*: not measured$/)]);
});

test('no number meets no bound', () => {
  expect(meets(NaN, { atLeast: 0 })).toBe(false);
  expect(meets(NaN, { atMost: 0 })).toBe(false);
  expect(meets(NaN, { exactly: NaN })).toBe(false);
});
