/** Resident memory of a new process, seen from outside, at its 20,000th and its 200,000th session check. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Measured } from '../aims.js';
import type { Contender, Starter } from '../contender.js';
import { load, sessionChecks } from '../load.js';
import { signedIn, type SessionSeed } from '../seed.js';

const connections = 16;
const firstAt = 20_000;
const lastAt = 200_000;

export async function measureMemory(
  { service }: Starter,
  databaseUrl: string,
  seed: SessionSeed,
): Promise<Measured> {
  const ours = await service(databaseUrl);
  const shots = sessionChecks('/session', signedIn(seed, seed.sessions));
  await load(ours, { shots, connections, span: { requests: firstAt } });
  const first = await residentMiB(ours);
  await load(ours, { shots, connections, span: { requests: lastAt - firstAt } });
  const last = await residentMiB(ours);
  const value = last / first;
  return {
    measure: 'memoryGrowth',
    value,
    rounds: [value],
    figures: { [`MiB at ${firstAt}`]: first, [`MiB at ${lastAt}`]: last },
  };
}

async function residentMiB({ pid }: Contender): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) / 1024;
}
