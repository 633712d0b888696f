/** `npm run bench`: starts PostgreSQL and every contender, measures them in turns, and prints ratios. See options.ts. */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { grossMisses, type Measured } from './aims.js';
import { startCluster } from './cluster.js';
import { createStarter } from './contender.js';
import { measureColdStart } from './measures/cold-start.js';
import { measureMemory } from './measures/memory.js';
import type { Pace } from './measures/pace.js';
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
const say = (sentence: string) => {
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
    say('stopping');
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
  const pace: Pace = quick
    ? { rounds: 3, secondsPerRound: 2, warmUpSeconds: 2, say }
    : { rounds: 5, secondsPerRound: 4, warmUpSeconds: 4, say };
  const measured = await measure(pace, quick);
  const { rounds, secondsPerRound } = pace;
  const cpus = availableParallelism();
  const circumstances = { node: process.version, cpus, quick, rounds, secondsPerRound };
  (json === '-' ? process.stderr : process.stdout).write(toTable(measured));
  if (json === '-') process.stdout.write(toJson(measured, circumstances));
  else if (json !== undefined) await writeFile(json, toJson(measured, circumstances));
  const misses = check ? grossMisses(measured) : [];
  for (const miss of misses) process.stderr.write(`✗ ${miss}\n`);
  return misses.length === 0 ? 0 : 1;
}

async function measure(pace: Pace, quick: boolean): Promise<Measured[]> {
  const starting = startCluster();
  // Also when Ctrl-C comes while it starts.
  stops.push(async () => (await starting.catch(() => undefined))?.stop());
  const cluster = await starting;
  const starter = createStarter(cluster.folder);
  stops.push(() => starter.stopAll());
  const small = { url: await cluster.createDatabase('bench_small'), seed: smallSeed };
  await seedSessions(small.url, small.seed);
  say('queries per check');
  const queries = await measureQueries(starter, cluster);
  await starter.stopAll();
  say('session checks per second');
  const sessionChecks = await measureSessionChecks(starter, small.url, small.seed, pace);
  await starter.stopAll();
  say('sign-ins per second');
  const signIn = await measureSignIn(starter, await cluster.createDatabase('bench_sign_in'), pace);
  await starter.stopAll();
  say('session checks beside 256 sign-ins');
  const storm = await measureSignInStorm(starter, small.url, small.seed, pace);
  await starter.stopAll();
  say('memory, over 240,000 checks');
  const memory = await measureMemory(starter, small.url, small.seed);
  await starter.stopAll();
  say('seeding 1,000,000 sessions');
  const large = { url: await cluster.createDatabase('bench_large'), seed: largeSeed };
  await seedSessions(large.url, large.seed);
  say('p50 in milliseconds, large against small');
  const scale = await measureScale(starter, small, large, pace);
  await starter.stopAll();
  const coldStart = quick ? leaveOut('--quick') : await coldStartOf(small.url, pace);
  return [...sessionChecks, ...signIn, ...storm, scale, ...queries, memory, ...coldStart];
}

/** Two builds take minutes and Vercel's CLI, which comes over the network: without it all else is still told. */
async function coldStartOf(databaseUrl: string, pace: Pace): Promise<Measured[]> {
  say('cold start: two builds with vercel, then processes');
  return measureColdStart(databaseUrl, smallSeed, pace.say).catch((error: unknown) =>
    leaveOut(String(error).split('\n')[0] ?? ''),
  );
}

function leaveOut(why: string): Measured[] {
  say(`cold start was not measured: ${why}`);
  return [];
}
