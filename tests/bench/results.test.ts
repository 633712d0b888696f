import { expect, test } from 'vitest';
import { formatRuns } from '../../scripts/docs/bench-results.js';

const run = (node: string, session: number) => ({
  circumstances: {
    date: '2026-11-28',
    node,
    cpus: 2,
    quick: false,
    rounds: 5,
    secondsPerRound: 4,
  },
  results: [
    { measure: 'sessionAgainstBareHttp' as const, value: session, rounds: [], figures: {} },
    { measure: 'startMs' as const, value: 162.7, rounds: [], figures: {} },
  ],
  throughput: [{ contender: 'bare hash', perSecond: 162, cpuSecondsPer1000: 6.12 }],
});

test('the documentation has a column per stored run, and marks what misses the target of its Node', async () => {
  const runs = [run('v20.20.2', 0.6), { ...run('v24.21.0', 0.6), throughput: [] }];
  expect(await formatRuns(runs)).toMatchInlineSnapshot(`
    "- Node 20.20.2: 2026-11-28, 2 cores, 5 rounds of 4 s
    - Node 24.21.0: 2026-11-28, 2 cores, 5 rounds of 4 s

    | Measure                                                                  | Node 20.20.2 | Node 24.21.0    |
    | ------------------------------------------------------------------------ | ------------ | --------------- |
    | /session compared with node:http with the same query and signature check | 0.60 ×       | 0.60 × (missed) |
    | start to the first response of /health                                   | 163 ms       | 163 ms          |

    | Contender | Node 20.20.2: per second | CPU s per 1,000 requests | Node 24.21.0: per second | CPU s per 1,000 requests |
    | --------- | ------------------------ | ------------------------ | ------------------------ | ------------------------ |
    | bare hash | 162                      | 6.12                     |                          |                          |
    "
  `);
});

test('without a stored run the documentation says so', async () => {
  expect(await formatRuns([])).toBe('No results of this version are stored yet.\n');
});
