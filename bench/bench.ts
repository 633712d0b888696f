/** `npm run bench`: starts PostgreSQL and every contender, measures them in turns, and prints ratios. See options.ts. */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { failedChecks, type Measured } from './targets.js';
import { startCluster } from './cluster.js';
import { createStarter } from './contender.js';
import { measureColdStart } from './measures/cold-start.js';
import { measureMemory } from './measures/memory.js';
import type { RoundOptions } from './measures/rounds.js';
import { measureQueries } from './measures/queries.js';
import { measureScale } from './measures/scale.js';
import { measureSessionChecks } from './measures/session-checks.js';
import { measureSignInStorm } from './measures/sign-in-storm.js';
import { measureSignIn } from './measures/sign-in.js';
import { readOptions, type BenchOptions } from './options.js';
import { toJson, toTable } from './report.js';
import { seedSessions } from './seed.js';

const smallSeed = { sessions: 1_000, users: 100 };
const largeSeed = { sessions: 1_000_000, users: 100_000 };

const startedAt = performance.now();
const logProgress = (sentence: string) => {
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stderr.write(`${String(seconds).padStart(4)} s  ${sentence}\n`);
};

/** What was started so far, and how to stop it: the last one first. */
const stops: (() => Promise<void>)[] = [];

async function stopAll(): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop();
}

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (interruption.signal.aborted) return; // impatience would leave PostgreSQL running
    logProgress('stopping');
    interruption.abort();
    void stopAll().finally(() => process.exit(130));
  });
}

try {
  const options = readOptions(process.argv.slice(2));
  process.exitCode = await bench(options);
} catch (error) {
  // What was stopped under a measure makes it fail: the signal's handler ends the process.
  if (!interruption.signal.aborted) {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 2;
  }
}
await stopAll();

async function bench({ quick, check, json }: BenchOptions): Promise<number> {
  const options: RoundOptions = quick
    ? { rounds: 3, secondsPerRound: 2, warmUpSeconds: 2, onProgress: logProgress }
    : { rounds: 5, secondsPerRound: 4, warmUpSeconds: 4, onProgress: logProgress };
  const measured = await measure(options, quick);
  const { rounds, secondsPerRound } = options;
  const cpus = availableParallelism();
  const circumstances = { node: process.version, cpus, quick, rounds, secondsPerRound };
  (json === '-' ? process.stderr : process.stdout).write(toTable(measured));
  if (json === '-') process.stdout.write(toJson(measured, circumstances));
  else if (json !== undefined) await writeFile(json, toJson(measured, circumstances));
  const misses = check ? failedChecks(measured) : [];
  for (const miss of misses) process.stderr.write(`✗ ${miss}\n`);
  return misses.length === 0 ? 0 : 1;
}

async function measure(options: RoundOptions, quick: boolean): Promise<Measured[]> {
  const starting = startCluster();
  // Also when Ctrl-C comes while it starts.
  stops.push(async () => (await starting.catch(() => undefined))?.stop());
  const cluster = await starting;
  const starter = createStarter(cluster.folder);
  stops.push(() => starter.stopAll());
  const small = { url: await cluster.createDatabase('bench_small'), seed: smallSeed };
  await seedSessions(small.url, small.seed);
  logProgress('queries per check');
  const queries = await measureQueries(starter, cluster);
  await starter.stopAll();
  logProgress('session checks per second');
  const sessionChecks = await measureSessionChecks(starter, small.url, small.seed, options);
  await starter.stopAll();
  logProgress('sign-ins per second');
  const signIn = await measureSignIn(
    starter,
    await cluster.createDatabase('bench_sign_in'),
    options,
  );
  await starter.stopAll();
  logProgress('session checks beside 256 sign-ins');
  const storm = await measureSignInStorm(starter, small.url, small.seed, options);
  await starter.stopAll();
  logProgress('memory, over 240,000 checks');
  const memory = await measureMemory(starter, small.url, small.seed);
  await starter.stopAll();
  logProgress('seeding 1,000,000 sessions');
  const large = { url: await cluster.createDatabase('bench_large'), seed: largeSeed };
  await seedSessions(large.url, large.seed);
  logProgress('p50 in milliseconds, large against small');
  const scale = await measureScale(starter, small, large, options);
  await starter.stopAll();
  const coldStart = quick ? skipColdStart('--quick') : await coldStartOf(small.url, options);
  return [...sessionChecks, ...signIn, ...storm, scale, ...queries, memory, ...coldStart];
}

/** Two builds take minutes and Vercel's CLI, which comes over the network: without it all else is still told. */
async function coldStartOf(databaseUrl: string, options: RoundOptions): Promise<Measured[]> {
  logProgress('cold start: two builds with vercel, then processes');
  return measureColdStart(databaseUrl, smallSeed, options.onProgress).catch((error: unknown) =>
    skipColdStart(String(error).split('\n')[0] ?? ''),
  );
}

function skipColdStart(why: string): Measured[] {
  logProgress(`cold start was not measured: ${why}`);
  return [];
}
