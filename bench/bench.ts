/** `npm run bench`: starts PostgreSQL and all contenders, measures them in turns and prints ratios. See options.ts. */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { startCluster, type Cluster } from './cluster.js';
import { createStarter } from './contender.js';
import { groups, type Context, type Seeded } from './measures.js';
import type { RoundOptions } from './measures/rounds.js';
import { measureGroups, readOptions, type BenchOptions } from './options.js';
import { findPython } from './python.js';
import { toJson, toTables } from './report.js';
import { seedSessions, type SessionSeed } from './seed.js';
import { failedChecks, type Results } from './targets.js';

const smallSeed = { sessions: 1_000, users: 100 };
const largeSeed = { sessions: 1_000_000, users: 100_000 };
const quickLargeSeed = { sessions: 200_000, users: 20_000 };

const startedAt = performance.now();
const logProgress = (message: string) => {
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stderr.write(`${String(seconds).padStart(4)} s  ${message}\n`);
};

/** Stops what has been started; run in reverse order. */
const stops: (() => Promise<void>)[] = [];

async function stopAll(): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop();
}

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (interruption.signal.aborted) return; // a second Ctrl-C must not leave PostgreSQL running
    logProgress('stopping');
    interruption.abort();
    void stopAll().finally(() => process.exit(130));
  });
}

try {
  const options = readOptions(process.argv.slice(2));
  process.exitCode = await bench(options);
} catch (error) {
  // After an interruption the failure is expected, and the signal handler exits.
  if (!interruption.signal.aborted) {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 2;
  }
}
await stopAll();

async function bench(given: BenchOptions): Promise<number> {
  const { quick, check, json, only } = given;
  const options: RoundOptions = quick
    ? { rounds: 3, secondsPerRound: 1, warmUpSeconds: 2, onProgress: logProgress }
    : { rounds: 5, secondsPerRound: 4, warmUpSeconds: 4, onProgress: logProgress };
  const results = await measure(given, options);
  const { rounds, secondsPerRound } = options;
  const { version: node } = process;
  const date = new Date().toISOString().slice(0, 10);
  const cpus = availableParallelism();
  const circumstances = { date, node, cpus, quick, rounds, secondsPerRound };
  (json === '-' ? process.stderr : process.stdout).write(toTables(results, circumstances));
  if (json === '-') process.stdout.write(toJson(results, circumstances));
  else if (json !== undefined) await writeFile(json, toJson(results, circumstances));
  const isComplete = only === undefined;
  const misses = check ? failedChecks(results.measured, { node, isComplete }) : [];
  for (const miss of misses) process.stderr.write(`✗ ${miss}\n`);
  return misses.length === 0 ? 0 : 1;
}

async function measure(
  { quick, python, only, rows }: BenchOptions,
  options: RoundOptions,
): Promise<Results> {
  const starting = startCluster();
  // Also on Ctrl-C during startup.
  stops.push(async () => (await starting.catch(() => undefined))?.stop());
  const cluster = await starting;
  const starter = createStarter(cluster.folder);
  stops.push(() => starter.stopAll());
  const context: Context = {
    cluster,
    starter,
    options,
    quick,
    rows,
    python: quick && !python ? undefined : await findPython(python, logProgress),
    smallDatabase: seededOnce(cluster, 'bench_small', smallSeed),
    largeDatabase: seededOnce(cluster, 'bench_large', quick ? quickLargeSeed : largeSeed),
  };
  const all: Results[] = [];
  for (const name of only ?? measureGroups) {
    const { title, run, takesMinutes, isOptional } = groups[name];
    if (quick && takesMinutes && only === undefined) {
      logProgress(`${name} is not measured with --quick`);
      continue;
    }
    logProgress(title);
    try {
      all.push(await run(context));
    } catch (error) {
      if (!isOptional || interruption.signal.aborted) throw error;
      logProgress(`${name} was not measured: ${String(error).split('\n')[0] ?? ''}`);
    }
    await starter.stopAll();
  }
  return {
    measured: all.flatMap(({ measured }) => measured),
    throughput: all.flatMap(({ throughput }) => throughput),
  };
}

/** A database that is created and filled by the first call. */
function seededOnce(cluster: Cluster, name: string, seed: SessionSeed): () => Promise<Seeded> {
  let seeding: Promise<Seeded> | undefined;
  const create = async () => {
    logProgress(`seeding ${seed.sessions.toLocaleString('en')} sessions`);
    const url = await cluster.createDatabase(name);
    await seedSessions(url, seed);
    return { url, seed };
  };
  return () => (seeding ??= create());
}
