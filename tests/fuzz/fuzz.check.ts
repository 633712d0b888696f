/**
 * `npm run check:fuzz`: 20,000 odd requests (`FUZZ_REQUESTS` says how many) to the built service on real sockets. It
 * fails on any 5xx, a stall of the event loop, a planted secret in the log or in an answer that has no right to it, an
 * unhandled error, growth, an overlong log line, and an answer in another shape. `FUZZ_SEED` repeats a run.
 */
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../src/dev/free-port.js';
import { everyFeatureOn } from '../support/every-feature.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testEnvironment } from '../support/test-service.js';
import { exchange } from './exchange.js';
import { faultOfAnswer, faultOfLine } from './judge.js';
import { startProbedService, type ProbedService, type Sample } from './probed-service.js';
import { bytesOf, fuzzRequests, type FuzzRequest } from './requests.js';
import { createVictim, isAlive, type Victim } from './victims.js';

const requests = Number(process.env.FUZZ_REQUESTS ?? 20_000);
const seed = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31));
const inBatch = 100;
const atOnce = 8;
const longestStallMs = 100;
/** A heap breathes: caches that fill, code that is compiled. A leak of 1 kB a request is beyond it. */
const heapMayGrowBytes = 24 * 1024 * 1024;
/** The pool of connections to the database fills meanwhile; a handle lost in five hundred requests is beyond it. */
const handlesMayGrow = 40;
/** What is reported; one fault of a kind is as good as a thousand. */
const mostFaults = 20;

let database: TestDatabase;
let service: ProbedService;
let url: string;
beforeAll(async () => {
  database = await createTestDatabase();
  const port = String(await freePort());
  url = `http://127.0.0.1:${port}`;
  service = await startProbedService({
    ...(testEnvironment as Record<string, string>),
    DATABASE_URL: database.url,
    PORT: port,
    ...everyFeatureOn,
  });
});
afterAll(async () => {
  if (!service.hasEnded()) await service.stop();
  await database.drop();
});

test(`${requests} requests break nothing (FUZZ_SEED=${seed})`, { timeout: 3_600_000 }, async () => {
  const faults: string[] = [];
  const statuses: Record<string, number> = {};
  const victims: Victim[] = [];
  const everyVictim: Victim[] = [];
  let early: Sample | undefined;
  const batches = Math.ceil(requests / inBatch);

  const send = async (batch: readonly FuzzRequest[]) => {
    const queue = [...batch];
    const worker = async () => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        const answer = await exchange(service.port, bytesOf(next));
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        const fault = faultOfAnswer(next, answer, everyVictim);
        if (fault !== undefined) faults.push(`${fault} ← ${shown(next)}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    for (const line of service.takeLines()) {
      const fault = faultOfLine(line, everyVictim);
      if (fault !== undefined) faults.push(`a line ${fault}`);
    }
  };

  for (let number = 0; number < batches && faults.length < mostFaults; number += 1) {
    while (victims.length < 4) victims.push(await createVictim(url));
    everyVictim.push(...victims.filter((victim) => !everyVictim.includes(victim)));
    const numRuns = Math.min(inBatch, requests - number * inBatch);
    const batch = fc.sample(fuzzRequests(victims), { seed: seed + number, numRuns });
    await service.sample();
    await send(batch);
    if (service.hasEnded()) throw new Error(`it ended in batch ${number}: ${service.stderr()}`);
    if ((await service.sample()).longestDelayMs > longestStallMs) {
      const stall = await repeatedStall(batch, send);
      if (stall !== undefined) faults.push(stall);
    }
    // A quarter of the way everything has been loaded and compiled that will be.
    if (number === Math.floor(batches / 4)) early = await atRest();
    const alive = await Promise.all(victims.map((victim) => isAlive(url, victim)));
    victims.splice(0, victims.length, ...victims.filter((_, index) => alive[index]));
  }

  say(`FUZZ_SEED=${seed} answers by status: ${JSON.stringify(statuses)}`);
  expect(faults.slice(0, mostFaults)).toEqual([]);
  expect(service.stderr()).toBe('');
  const late = await atRest();
  say(`at rest, a quarter of the way and at the end: ${JSON.stringify([early, late])}`);
  expect(late.heapBytes - (early?.heapBytes ?? 0)).toBeLessThan(heapMayGrowBytes);
  expect(late.handles - (early?.handles ?? 0)).toBeLessThan(handlesMayGrow);
  // Most requests must have got past the first door, or this tries nothing.
  const passed = (statuses[200] ?? 0) + (statuses[400] ?? 0) + (statuses[401] ?? 0);
  expect(passed).toBeGreaterThan(requests / 4);
  expect(statuses[429] ?? 0).toBeLessThan(requests / 20);
});

/**
 * A collection of garbage or code that is compiled stalls it now and then; a request that does it does it again. The
 * batch is sent anew three times, and each of them must stall: then the one request is looked for that stalls alone.
 */
async function repeatedStall(
  batch: readonly FuzzRequest[],
  send: (batch: readonly FuzzRequest[]) => Promise<void>,
): Promise<string | undefined> {
  const stalls = async (part: readonly FuzzRequest[]) => {
    let shortest = Infinity;
    for (let time = 1; time <= 3 && shortest > longestStallMs; time += 1) {
      await service.sample();
      await send(part);
      shortest = Math.min(shortest, (await service.sample()).longestDelayMs);
    }
    return shortest;
  };
  const together = await stalls(batch);
  if (together <= longestStallMs) return undefined;
  for (const request of batch) {
    const alone = await stalls([request]);
    if (alone > longestStallMs) return `stalls for ${alone} ms ← ${shown(request)}`;
  }
  return `a batch stalls for ${together} ms, and none of its requests alone`;
}

/** Connections have closed, and garbage is collected. */
async function atRest(): Promise<Sample> {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return service.sample(true);
}

function shown({ method, path, lines, body }: FuzzRequest): string {
  return JSON.stringify({ method, path, lines, body: body.toString() }).slice(0, 1_500);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
