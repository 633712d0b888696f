/**
 * Time from the start of a process to its first response to `/health`: the service as run by `npm start`, without npm's own
 * time, compared with node:http with one query (contenders/bare-http.ts), bundled too.
 */
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { serviceProgram, start, type Program } from '../contender.js';
import { cpuSecondsOf } from '../cpu.js';
import type { Context } from '../measures.js';
import { median } from '../statistics.js';
import type { Results } from '../targets.js';
import { takeTurns, valuesOf, type Sample } from './rounds.js';
import { compare } from './throughput.js';

const starts = 11;
const pollMs = 2;

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));

interface StartSample extends Sample {
  readonly cpuMs: number;
}

export async function measureStart(context: Context): Promise<Results> {
  const { cluster, options } = context;
  const { url } = await context.smallDatabase();
  const bareHttp: Program = {
    name: 'bundled-bare-http',
    command: process.execPath,
    args: [await bundleBareHttp()],
    env: { DATABASE_URL: url },
  };
  const samples = await takeTurns(
    {
      service: () => timeStart(serviceProgram(url), cluster.folder),
      'node:http': () => timeStart(bareHttp, cluster.folder),
    },
    // The warm-up fills the disk cache, and Node's compile cache where it has one.
    { ...options, rounds: starts },
  );
  const { service, 'node:http': bare } = samples;
  const figures = {
    'service CPU ms': median(service.map(({ cpuMs }) => cpuMs)),
    'node:http ms': median(valuesOf(bare)),
    'node:http CPU ms': median(bare.map(({ cpuMs }) => cpuMs)),
  };
  const rounds = valuesOf(service);
  return {
    measured: [
      ...compare('startAgainstBareHttp', service, bare),
      { measure: 'startMs', value: median(rounds), rounds, figures },
    ],
    throughput: [],
  };
}

async function timeStart(program: Program, folder: string): Promise<StartSample> {
  const startedAt = performance.now();
  const contender = await start(program, folder);
  try {
    while (!(await isHealthy(contender.url))) {
      if (performance.now() - startedAt > 30_000) throw new Error(`${program.name} did not start`);
      await sleep(pollMs);
    }
    const value = performance.now() - startedAt;
    return { value, cpuMs: 1000 * ((await cpuSecondsOf(contender.pid)) ?? NaN) };
  } finally {
    await contender.stop();
  }
}

/** On a connection of its own, because a failed attempt must not delay the next one. */
function isHealthy(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    get(`${url}/health`, { agent: false }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode === 200));
    }).once('error', () => resolve(false));
  });
}

/** @returns its file, in a folder from which the native hash can be imported */
async function bundleBareHttp(): Promise<string> {
  const build = await rolldown({
    input: pathOf('../contenders/bare-http.ts'),
    platform: 'node',
    external: ['@node-rs/argon2'],
  });
  const dir = pathOf('../../node_modules/.cache/bench');
  await build.write({ dir, format: 'esm', minify: true });
  await build.close();
  return join(dir, 'bare-http.js');
}
