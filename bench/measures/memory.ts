/**
 * Resident memory of a new process, measured with `ps`, at its 20,000th session check and around its 200,000th, or with
 * --quick its 100,000th. Garbage collection makes it vary by 10 to 15 % (172 MiB, 206, and 183 for the next 100,000
 * checks), so the later figure is the median of five readings centred on it, which fully includes a steady leak. With
 * --quick a leak must be 2.25 times as fast to be seen.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Contender } from '../contender.js';
import { load, sessionChecks } from '../load.js';
import type { Context } from '../measures.js';
import { signedIn } from '../seed.js';
import { median } from '../statistics.js';
import type { Results } from '../targets.js';

const connections = 16;
const firstAt = 20_000;
const readAt = [160_000, 180_000, 200_000, 220_000, 240_000];
const readQuicklyAt = [80_000, 90_000, 100_000, 110_000, 120_000];

export async function measureMemory(context: Context): Promise<Results> {
  const { starter, quick, smallDatabase } = context;
  const laterAt = quick ? readQuicklyAt : readAt;
  const { url, seed } = await smallDatabase();
  const ours = await starter.service(url);
  const requests = sessionChecks('/session', signedIn(seed, seed.sessions));
  let checks = 0;
  const residentAt = async (wanted: number) => {
    await load(ours, { requests, connections, span: { requests: wanted - checks } });
    checks = wanted;
    return residentMiB(ours);
  };
  const first = await residentAt(firstAt);
  const readings: number[] = [];
  for (const count of laterAt) readings.push(await residentAt(count));
  const later = median(readings);
  const rounds = readings.map((reading) => reading / first);
  const figures = { [`MiB at ${firstAt}`]: first, [`MiB around ${median(laterAt)}`]: later };
  return {
    measured: [{ measure: 'memoryGrowth', value: later / first, rounds, figures }],
    throughput: [],
  };
}

async function residentMiB({ pid }: Contender): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) / 1024;
}
