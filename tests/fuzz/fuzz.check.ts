/**
 * `npm run check:fuzz`: sends 20,000 unusual requests (or `FUZZ_REQUESTS`) to the built service over real sockets. It
 * fails on a 5xx, a blocked event loop, a planted secret in the log or in another visitor's response, an unhandled error,
 * a memory or handle leak, an overlong log line, and an error response in another format. `FUZZ_SEED` repeats a run.
 */
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../src/dev/free-port.js';
import { everyFeatureWithoutRedis } from '../support/every-feature.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testEnvironment } from '../support/test-service.js';
import { exchange } from './exchange.js';
import { faultOfResponse, faultOfLine } from './judge.js';
import { startProbedService, type ProbedService, type Sample } from './probed-service.js';
import { bytesOf, fuzzRequests, type FuzzRequest } from './requests.js';
import { createVictim, isAlive, type Victim } from './victims.js';

const requests = Number(process.env.FUZZ_REQUESTS ?? 20_000);
const seed = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31));
const batchSize = 100;
const concurrency = 8;
const maxStallMs = 100;
/** Caches fill and code is compiled; a leak of 1 kB per request exceeds this. */
const maxHeapGrowthBytes = 24 * 1024 * 1024;
/** The database connection pool fills; a leak of one handle per five hundred requests exceeds this. */
const maxHandleGrowth = 40;
/** The run stops after this many faults. */
const maxFaults = 20;

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
    ...everyFeatureWithoutRedis,
  });
});
afterAll(async () => {
  if (!service.hasEnded()) await service.stop();
  await database.drop();
});

test(
  `${requests} unusual requests cause no fault (FUZZ_SEED=${seed})`,
  { timeout: 3_600_000 },
  async () => {
    const faults: string[] = [];
    const statuses: Record<string, number> = {};
    const victims: Victim[] = [];
    const everyVictim: Victim[] = [];
    let early: Sample | undefined;
    const batches = Math.ceil(requests / batchSize);

    const send = async (batch: readonly FuzzRequest[]) => {
      const queue = [...batch];
      const worker = async () => {
        for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
          const answer = await exchange(service.port, bytesOf(next));
          statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
          const fault = faultOfResponse(next, answer, everyVictim);
          if (fault !== undefined) faults.push(`${fault} ← ${shown(next)}`);
        }
      };
      await Promise.all(Array.from({ length: concurrency }, worker));
      for (const line of service.takeLines()) {
        const fault = faultOfLine(line, everyVictim);
        if (fault !== undefined) faults.push(`a log line ${fault}`);
      }
    };

    for (let number = 0; number < batches && faults.length < maxFaults; number += 1) {
      while (victims.length < 4) victims.push(await createVictim(url));
      everyVictim.push(...victims.filter((victim) => !everyVictim.includes(victim)));
      const numRuns = Math.min(batchSize, requests - number * batchSize);
      const batch = fc.sample(fuzzRequests(victims), { seed: seed + number, numRuns });
      await service.sample();
      await send(batch);
      if (service.hasEnded())
        throw new Error(`the service exited in batch ${number}: ${service.stderr()}`);
      if ((await service.sample()).longestDelayMs > maxStallMs) {
        const stall = await repeatedStall(batch, send);
        if (stall !== undefined) faults.push(stall);
      }
      // After a quarter of the run everything has been loaded and compiled.
      if (number === Math.floor(batches / 4)) early = await idleSample();
      const alive = await Promise.all(victims.map((victim) => isAlive(url, victim)));
      victims.splice(0, victims.length, ...victims.filter((_, index) => alive[index]));
    }

    print(`FUZZ_SEED=${seed} responses by status: ${JSON.stringify(statuses)}`);
    expect(faults.slice(0, maxFaults)).toEqual([]);
    expect(service.stderr()).toBe('');
    const late = await idleSample();
    print(`idle, after a quarter and at the end: ${JSON.stringify([early, late])}`);
    expect(late.heapBytes - (early?.heapBytes ?? 0)).toBeLessThan(maxHeapGrowthBytes);
    expect(late.handles - (early?.handles ?? 0)).toBeLessThan(maxHandleGrowth);
    // Most requests must have passed the first checks, or the run tests nothing.
    const passed = (statuses[200] ?? 0) + (statuses[400] ?? 0) + (statuses[401] ?? 0);
    expect(passed).toBeGreaterThan(requests / 4);
    expect(statuses[429] ?? 0).toBeLessThan(requests / 20);
  },
);

/**
 * Garbage collection and compilation block the event loop occasionally; a request that blocks it does so again. So the
 * batch is sent three more times, and each must block it; then the single request that blocks it is searched for.
 */
async function repeatedStall(
  batch: readonly FuzzRequest[],
  send: (batch: readonly FuzzRequest[]) => Promise<void>,
): Promise<string | undefined> {
  const stalls = async (part: readonly FuzzRequest[]) => {
    let shortest = Infinity;
    for (let time = 1; time <= 3 && shortest > maxStallMs; time += 1) {
      await service.sample();
      await send(part);
      shortest = Math.min(shortest, (await service.sample()).longestDelayMs);
    }
    return shortest;
  };
  const together = await stalls(batch);
  if (together <= maxStallMs) return undefined;
  for (const request of batch) {
    const single = await stalls([request]);
    if (single > maxStallMs) return `stalls for ${single} ms ← ${shown(request)}`;
  }
  return `a batch stalls for ${together} ms, but none of its requests does individually`;
}

/** A sample after connections have closed and garbage has been collected. */
async function idleSample(): Promise<Sample> {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return service.sample(true);
}

function shown({ method, path, lines, body }: FuzzRequest): string {
  return JSON.stringify({ method, path, lines, body: body.toString() }).slice(0, 1_500);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
