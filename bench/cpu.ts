/** CPU time of contenders, and whether the machine is idle. */
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** The unit of /proc on every Linux platform that Node supports. */
const ticksPerSecond = 100;

/**
 * CPU seconds of a process so far: its own, in user and kernel mode, and those of its children that have ended.
 * PostgreSQL's are not included.
 * @returns undefined without a Linux /proc
 */
export async function cpuSecondsOf(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The second field is the program's name in parentheses, which may contain spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number);
  return ((utime ?? 0) + (stime ?? 0) + (cutime ?? 0) + (cstime ?? 0)) / ticksPerSecond;
}

/** Of all processors together; idle daemons need a few percent. */
const maxBusyShare = 0.1;
const readingMs = 250;
const idleReadings = 2;
const settleTimeoutMs = 20_000;

/**
 * Waits until the machine is idle: after a storm of sign-ins a contender keeps hashing for clients that have left.
 * @returns false if something else keeps it busy, after 20 seconds
 */
export async function waitUntilIdle(): Promise<boolean> {
  const giveUpAt = performance.now() + settleTimeoutMs;
  for (let idle = 0; idle < idleReadings;) {
    if (performance.now() > giveUpAt) return false;
    idle = (await busyShare()) < maxBusyShare ? idle + 1 : 0;
  }
  return true;
}

async function busyShare(): Promise<number> {
  const before = processorTimes();
  await sleep(readingMs);
  const after = processorTimes();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

function processorTimes(): { idle: number; all: number } {
  const times = cpus().map((cpu) => cpu.times);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    idle: sum(times.map(({ idle }) => idle)),
    all: sum(times.flatMap((each) => Object.values(each))),
  };
}
