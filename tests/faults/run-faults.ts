/** Runs faults one after another against a real server process, and records what was measured. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { LogLine } from '../support/test-service.js';
import { until } from '../support/until.js';
import type { Fault, FaultList } from './fault.js';
import { recordMeasured, type Measured } from './measured.js';
import {
  askAll,
  brokenPromises,
  falseSuccesses,
  isRefused,
  replenish,
  createPopulation,
  unexplained,
  type Asked,
  type Population,
} from './round.js';
import { startSystem, type Server, type System } from './system.js';

/** What the service promises (docs/operating.md). */
const maxRecoveryMs = 3_000;
/** Lines of the log for each request, of all that was logged during the fault. */
const maxLinesPerRequest = 3;

/** For this long `/ready` repeats its last result. */
const readyCacheMs = 1_000;

const roundsDuring = 2;
const roundsAfter = 14;
const pauseBetweenRoundsMs = 150;

export function runFaults(file: string, faults: FaultList): void {
  let system: System;
  let population: Population | undefined;
  const measured: Record<string, Measured> = {};
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system.stop());

  for (const fault of faults) {
    test.skipIf(fault.isSkipped === true)(fault.name, { timeout: 90_000 }, async () => {
      system.forget();
      const { env, launcher, tearDown } = (await fault.setUp?.(system)) ?? {};
      const server = await system.start(env, launcher);
      try {
        population ??= createPopulation(server.url);
        population.direct(server.url);
        measured[fault.name] = await measure(fault, system, server, population);
      } finally {
        await server.process.stop();
        await tearDown?.();
      }
    });
  }

  test('the measured faults are those of the table', async () => {
    await recordMeasured(file, measured, faults, inject('isUpdate'));
  });
}

async function measure(
  fault: Fault,
  system: System,
  server: Server,
  population: Population,
): Promise<Measured> {
  await replenish(population, 1 + roundsDuring + roundsAfter);
  const askedAt = performance.now();
  expect(notGreen(await askAll(population))).toEqual([]);
  const healthyMs = performance.now() - askedAt;
  server.mark();
  const end = await fault.begin(system, server, population.direct);
  const during: Asked[][] = [];
  try {
    for (let round = 0; round < roundsDuring; round += 1) {
      during.push(await askAll(population));
      await sleep(readyCacheMs);
    }
    if (fault.reports !== undefined) await server.process.logLine(fault.reports.matches);
  } finally {
    await end();
  }
  const lines = await linesOf(system, during.flat());
  const { recoveryMs, after } = await recover(population, healthyMs);
  const all = [...during, ...after].flat();
  expect(brokenPromises(all, fault)).toEqual([]);
  expect(await falseSuccesses(all, (text, values) => system.cluster.query(text, values))).toEqual(
    [],
  );
  expect(unexplained(during.flat(), lines, fault)).toEqual([]);
  expectFailures(fault, during);
  if (fault.fails === 'nothing') expect(notGreen(after[0] ?? [])).toEqual([]);
  else expect(recoveryMs).toBeLessThan(maxRecoveryMs);
  await fault.catchUp?.(
    system,
    during.flat().map(({ requestId }) => requestId),
  );
  const linesPerRequest = lines.length / during.flat().length;
  expect(linesPerRequest).toBeLessThan(maxLinesPerRequest);
  return {
    causes: [
      ...new Set(
        lines.flatMap(({ msg, cause }) =>
          msg === 'request' && typeof cause === 'string' ? [cause] : [],
        ),
      ),
    ].sort(),
    slowestMs: Math.max(...during.flat().map(({ elapsedMs }) => elapsedMs)),
    recoveryMs: fault.fails === 'nothing' ? null : recoveryMs,
    linesPerRequest,
  };
}

const notGreen = (asked: readonly Asked[]) =>
  asked
    .filter(({ isGreen }) => !isGreen)
    .map(({ name, answer: { status, text } }) => `${name}: ${status} ${text}`);

/** Once a fault lasts, exactly what it affects fails; where that is left to chance, at least one request. */
function expectFailures({ fails, refuses }: Fault, during: readonly Asked[][]): void {
  if (fails === 'some') {
    const red = during.flat().filter(({ isGreen }) => !isGreen);
    expect(red).not.toEqual([]);
    if (refuses) expect(red.filter((one) => isRefused(one, refuses))).not.toEqual([]);
    return;
  }
  const asked = during.at(-1) ?? [];
  const mustFail = (needs: Asked['request']['needs']) =>
    needs === 'writes' ? fails !== 'nothing' : needs === 'reads' && fails === 'reads and writes';
  const failed = asked.filter(({ isGreen }) => !isGreen).map(({ name }) => name);
  const expected = asked.filter(({ request }) => mustFail(request.needs)).map(({ name }) => name);
  expect(failed).toEqual(expected);
}

/** All lines of the fault, once each request has its own. */
async function linesOf({ servers }: System, asked: readonly Asked[]): Promise<LogLine[]> {
  const ids = new Set<unknown>(asked.map(({ requestId }) => requestId));
  return until(() => {
    const lines = servers().flatMap((server) => server.lines());
    const logged = lines.filter(({ msg, requestId }) => msg === 'request' && ids.has(requestId));
    return logged.length === ids.size && lines;
  });
}

/**
 * Asks until everything is answered as before the fault.
 * @param healthyMs what a round takes without a fault, on this machine
 */
async function recover(population: Population, healthyMs: number) {
  const endedAt = performance.now();
  const after: Asked[][] = [];
  for (let round = 0; round < roundsAfter; round += 1) {
    const asked = await askAll(population);
    after.push(asked);
    if (asked.every(({ isGreen }) => isGreen)) {
      return { recoveryMs: Math.max(0, performance.now() - endedAt - healthyMs), after };
    }
    await sleep(pauseBetweenRoundsMs);
  }
  throw new Error(`did not recover: ${notGreen(after.at(-1) ?? []).join('; ')}`);
}
