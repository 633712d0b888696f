/**
 * Resident memory of a new process, seen from outside, at its 20,000th session check and around its 200,000th. The
 * collector lets the process breathe by 10 to 15 % (172 MiB, 206, and 183 for the next 100,000 checks), so the later
 * figure is the median of five readings, of which the middle one stands at 200,000: what leaks steadily is in it whole.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Measured } from '../targets.js';
import type { Contender, Starter } from '../contender.js';
import { load, sessionChecks } from '../load.js';
import { signedIn, type SessionSeed } from '../seed.js';
import { median } from '../statistics.js';

const connections = 16;
const firstAt = 20_000;
const readAt = [160_000, 180_000, 200_000, 220_000, 240_000];

export async function measureMemory(
  { service }: Starter,
  databaseUrl: string,
  seed: SessionSeed,
): Promise<Measured> {
  const ours = await service(databaseUrl);
  const requests = sessionChecks('/session', signedIn(seed, seed.sessions));
  let checks = 0;
  const residentAt = async (wanted: number) => {
    await load(ours, { requests, connections, span: { requests: wanted - checks } });
    checks = wanted;
    return residentMiB(ours);
  };
  const first = await residentAt(firstAt);
  const readings: number[] = [];
  for (const count of readAt) readings.push(await residentAt(count));
  const later = median(readings);
  return {
    measure: 'memoryGrowth',
    value: later / first,
    rounds: readings.map((reading) => reading / first),
    figures: { [`MiB at ${firstAt}`]: first, [`MiB around ${median(readAt)}`]: later },
  };
}

async function residentMiB({ pid }: Contender): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) / 1024;
}
