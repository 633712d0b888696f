import { expect, test } from 'vitest';
import type { Measured, Throughput } from '../../bench/targets.js';
import { toJson, toTables } from '../../bench/report.js';

const measured: Measured[] = [
  {
    measure: 'sessionAgainstBetterAuth',
    value: 5.254,
    rounds: [5.1, 5.254, 6],
    figures: { 'session/s': 6502.4, 'betterAuth/s': 1237.6 },
  },
  { measure: 'memoryGrowth', value: 1.2, rounds: [1.2], figures: { 'MiB at 20000': 99.25 } },
  { measure: 'sessionAgainstPassport', value: 3.5, rounds: [3.5], figures: {} },
  { measure: 'sessionAgainstBareHttp', value: 0.6, rounds: [0.6], figures: {} },
  { measure: 'startMs', value: 162.7, rounds: [162.7], figures: {} },
  { measure: 'queriesOfBadSignature', value: 0, rounds: [0], figures: { checks: 100 } },
];

const throughput: Throughput[] = [
  { contender: 'service, /session', perSecond: 11_716.4, cpuSecondsPer1000: 0.0912 },
  { contender: 'bare hash', perSecond: 93.75, cpuSecondsPer1000: undefined },
];

const circumstances = {
  date: '2026-11-28',
  node: 'v20.0.0',
  cpus: 2,
  quick: true,
  rounds: 3,
  secondsPerRound: 2,
};

test('the tables show the circumstances, each measure with its target, and each contender', () => {
  expect(toTables({ measured, throughput }, circumstances)).toMatchInlineSnapshot(`
    "2026-11-28, Node 20.0.0, 2 processors, 3 rounds of 2 s

       measure                                                                              measured  target  medians
    ✓  /session compared with BetterAuth's get-session on plain node:http                   5.25 ×    ≥ 5     session/s 6502, betterAuth/s 1238
    ✗  resident memory around request 200,000 (100,000 with --quick), compared with 20,000  1.20 ×    ≤ 1.1   MiB at 20000 99.25
       /session compared with passport and connect-pg-simple                                3.50 ×
    ✓  /session compared with node:http with the same query and signature check             0.60 ×    ≥ 0.55
    ✓  start to the first response of /health                                               163 ms    ≤ 500
    ✓  queries per check: bad signature                                                     0         = 0     checks 100

    contender          per second  CPU s per 1,000
    service, /session  11716       0.09
    bare hash          93.75       –
    "
  `);
});

test('the JSON contains every round, the targets and the circumstances', () => {
  const json = JSON.parse(toJson({ measured, throughput }, circumstances)) as {
    results: unknown[];
    throughput: unknown[];
  };
  expect(json).toMatchObject({ circumstances });
  expect(json.throughput[0]).toEqual(throughput[0]);
  expect(json.results[0]).toEqual({
    ...measured[0],
    title: "/session compared with BetterAuth's get-session on plain node:http",
    unit: '×',
    target: { atLeast: 5 },
    isMet: true,
  });
  expect(json.results[1]).toMatchObject({ measure: 'memoryGrowth', isMet: false });
  expect(json.results[2]).not.toHaveProperty('isMet');
});

test('on Node 24 the table and the JSON have the targets of Node 24', () => {
  const results = { measured, throughput };
  const onNode24 = { ...circumstances, node: 'v24.21.0' };
  expect(toTables(results, onNode24)).toMatch(
    /^✗ {2}\/session compared with node:http.* 0\.60 × +≥ 0\.75$/m,
  );
  expect(toTables(results, circumstances)).toMatch(
    /^✓ {2}\/session compared with node:http.* 0\.60 × +≥ 0\.55$/m,
  );
  expect(toJson(results, onNode24)).toContain('0.75');
});

test('without throughput there is no second table', () => {
  expect(toTables({ measured, throughput: [] }, circumstances)).not.toContain('contender');
});
