import { expect, test } from 'vitest';
import {
  targets,
  failedChecks,
  meets,
  type Target,
  type Measured,
  type MeasureName,
} from '../../bench/targets.js';

const onNode20 = { node: 'v20.20.2', isComplete: true };

const entries = Object.entries(targets) as [MeasureName, Target][];

/** Every measure exactly at its limit, with these changes. */
function allAtLimit(changes: Partial<Record<MeasureName, number>> = {}): Measured[] {
  return entries.map(([measure, { limit = { exactly: 0 } }]) => {
    const [bound] = Object.values(limit) as [number];
    const value = changes[measure] ?? bound;
    return { measure, value, rounds: [value], figures: {} };
  });
}

test('the limit of a minimum ratio is half its target, and lower for a comparison with scrypt', () => {
  const ratios = entries.flatMap(([, { target, limit }]) =>
    target !== undefined && 'atLeast' in target ? [[target, limit]] : [],
  );
  expect(ratios).toEqual([
    [{ atLeast: 5 }, { atLeast: 2.5 }],
    [{ atLeast: 0.9 }, { atLeast: 0.45 }],
    [{ atLeast: 0.55 }, { atLeast: 0.275 }],
    [{ atLeast: 4 }, { atLeast: 2 }],
    [{ atLeast: 5 }, { atLeast: 2 }],
    [{ atLeast: 0.8 }, { atLeast: 0.4 }],
    [{ atLeast: 5 }, { atLeast: 2 }],
    [{ atLeast: 0.8 }, { atLeast: 0.4 }],
    [{ atLeast: 0.95 }, { atLeast: 0.475 }],
    [{ atLeast: 0.95 }, { atLeast: 0.475 }],
    [{ atLeast: 0.95 }, { atLeast: 0.475 }],
  ]);
});

test('values exactly at their limit pass the check', () => {
  expect(failedChecks(allAtLimit(), onNode20)).toEqual([]);
});

test.each([
  [
    'sessionAgainstBetterAuth',
    2.49,
    /^\/session compared with BetterAuth.*: 2\.49, limit is ≥ 2\.5$/,
  ],
  ['signInAgainstBareHash', 0.39, /sign-ins.*password hash only.*: 0\.39, limit is ≥ 0\.4$/],
  ['startAgainstBareHttp', 4.41, /start to.*: 4\.41, limit is ≤ 4\.4$/],
  ['largeAgainstSmall', 2.31, /p50.*: 2\.31, limit is ≤ 2\.3$/],
  ['memoryGrowth', 1.21, /memory.*: 1\.21, limit is ≤ 1\.2$/],
  ['queriesOfValid', 2, /valid session: 2\.00, limit is = 1$/],
  ['queriesOfValid', 0, /valid session: 0\.00, limit is = 1$/],
  ['signInWithLimits', 0.47, /without its limits: 0\.47, limit is ≥ 0\.475$/],
  ['expiredLimitsLeft', 1, /sweep leaves: 1\.00, limit is = 0$/],
  ['queriesOfBadSignature', 0.01, /bad signature: 0\.01, limit is = 0$/],
] as const)('the check fails for %s of %d and only reports that', (measure, value, sentence) => {
  const misses = failedChecks(allAtLimit({ [measure]: value }), onNode20);
  expect(misses).toHaveLength(1);
  expect(misses[0]).toMatch(sentence);
});

test('a measure for comparison only never fails the check', () => {
  expect(failedChecks(allAtLimit({ sessionAgainstPassport: 0.01 }), onNode20)).toEqual([]);
});

test('a missing measure fails the check', () => {
  const withoutMemory = allAtLimit().filter(({ measure }) => measure !== 'memoryGrowth');
  expect(failedChecks(withoutMemory, onNode20)).toEqual([
    expect.stringMatching(/memory.*: not measured$/),
  ]);
});

test('a missing measure passes the check where only single measures were wanted', () => {
  const [first] = allAtLimit();
  expect(failedChecks(first ? [first] : [], { ...onNode20, isComplete: false })).toEqual([]);
});

test.each([
  ['v20.20.2', 0.275],
  ['v22.22.0', 0.275],
  ['v24.21.0', 0.375],
  ['v26.0.0', 0.375],
])('on Node %s, /session must reach %d of node:http', (node, limit) => {
  const failed = (value: number) =>
    failedChecks(allAtLimit({ sessionAgainstBareHttp: value }), { node, isComplete: true });
  expect(failed(limit)).toEqual([]);
  expect(failed(limit - 0.001)).toHaveLength(1);
});

test('NaN meets no bound', () => {
  expect(meets(NaN, { atLeast: 0 })).toBe(false);
  expect(meets(NaN, { atMost: 0 })).toBe(false);
  expect(meets(NaN, { exactly: NaN })).toBe(false);
});
