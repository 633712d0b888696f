import { expect, test } from 'vitest';
import type { Measured } from '../../bench/targets.js';
import { toJson, toTable } from '../../bench/report.js';

const measured: Measured[] = [
  {
    measure: 'sessionAgainstBetterAuth',
    value: 5.254,
    rounds: [5.1, 5.254, 6],
    figures: { 'session/s': 6502.4, 'betterAuth/s': 1237.6 },
  },
  { measure: 'memoryGrowth', value: 1.2, rounds: [1.2], figures: { 'MiB at 20000': 99.25 } },
  { measure: 'silentSessionAgainstOneQuery', value: 0.5, rounds: [0.5], figures: {} },
  { measure: 'queriesOfBadSignature', value: 0, rounds: [0], figures: { checks: 100 } },
];

test('the table tells each measure, its value, its target and whether it is met, in columns', () => {
  expect(toTable(measured)).toMatchInlineSnapshot(`
    "   measure                                                        measured  target    medians
    ✓  /session against BetterAuth's get-session alone on node:http   5.25 ×    ≥ 5    session/s 6502, betterAuth/s 1238
    ✗  resident memory around request 200,000 against request 20,000  1.20 ×    ≤ 1.1  MiB at 20000 99.25
       … with LOG_LEVEL=silent here too                               0.50 ×
    ✓  queries of a check: bad signature                              0         = 0    checks 100
    "
  `);
});

test('the JSON holds every round, the targets and the circumstances', () => {
  const circumstances = {
    node: 'v20.0.0',
    cpus: 2,
    quick: true,
    rounds: 3,
    secondsPerRound: 2,
  };
  const json = JSON.parse(toJson(measured, circumstances)) as { results: unknown[] };
  expect(json).toMatchObject({ circumstances });
  expect(json.results[0]).toEqual({
    ...measured[0],
    title: "/session against BetterAuth's get-session alone on node:http",
    unit: '×',
    target: { atLeast: 5 },
    isMet: true,
  });
  expect(json.results[1]).toMatchObject({ measure: 'memoryGrowth', isMet: false });
  expect(json.results[2]).not.toHaveProperty('isMet');
});
