/** A program that the demo runs: its lines, whether it answers, and its end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../../../src/config/environment.js';

export interface ProgramOptions {
  /** As people call it: `the site`. */
  readonly what: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Environment;
}

/** A status; null where a signal ended it. */
type End = number | null | 'not started';

export interface Program {
  readonly what: string;
  /** How it ended, when everything it wrote has arrived. */
  readonly ended: Promise<End>;
  /** What it said last, at most 40 lines. */
  lastLines(): readonly string[];
  /** Hands over each line from now on. */
  listen(onLine: (line: string) => void): void;
  /** Asks it to end, and waits; whatever will not is killed. */
  stop(): Promise<void>;
}

/** A part could not be started, or ended while the others were at work. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';

  constructor(
    readonly program: Program,
    message: string,
  ) {
    super(message);
  }
}

const keptLines = 40;
/** The service may answer for 15 s what is in flight, and its database may write for 20. */
const stopTimeoutMs = 40_000;
const pollMs = 200;
/** One attempt. The site's server holds requests until it has compiled the pages. */
const attemptTimeoutMs = 20_000;

export function startProgram({ what, command, args, cwd, env }: ProgramOptions): Program {
  // A process group of its own: Ctrl-C must reach the demo alone, which ends the parts in order.
  const child = spawn(command, args, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let lines: readonly string[] = [];
  let onEachLine: (line: string) => void = () => undefined;
  const tell = (line: string) => {
    lines = [...lines.slice(1 - keptLines), line];
    onEachLine(line);
  };
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', tell);
  }
  const ended = once(child, 'close').then(
    ([code]) => code as number | null,
    (error: unknown) => {
      tell(String(error));
      return 'not started' as const;
    },
  );
  return {
    what,
    ended,
    lastLines: () => lines,
    listen(onLine) {
      onEachLine = onLine;
    },
    async stop() {
      signal(child.pid, 'SIGTERM');
      const killTimer = setTimeout(() => signal(child.pid, 'SIGKILL'), stopTimeoutMs);
      await ended;
      clearTimeout(killTimer);
    },
  };
}

/**
 * Waits until `url` answers 2xx.
 * @throws ProgramError when the program ends before, or takes longer than `timeoutMs`
 */
export async function untilAnswers(
  program: Program,
  url: string,
  timeoutMs: number,
): Promise<void> {
  let hasEnded = false;
  const end = program.ended.then((how) => {
    hasEnded = true;
    throw new ProgramError(program, describeEnd(program, how));
  });
  const answer = async () => {
    const giveUpAt = Date.now() + timeoutMs;
    while (!hasEnded && !(await isAnswering(url))) {
      if (Date.now() > giveUpAt) {
        const seconds = Math.round(timeoutMs / 1000);
        const sentence = `${program.what} did not answer at ${url} within ${seconds} s`;
        throw new ProgramError(program, sentence);
      }
      await sleep(pollMs);
    }
  };
  await Promise.race([answer(), end]);
}

/** @throws ProgramError as soon as one of them ends */
export async function untilOneEnds(programs: readonly Program[]): Promise<never> {
  return Promise.race(
    programs.map(async (program) => {
      throw new ProgramError(program, describeEnd(program, await program.ended));
    }),
  );
}

export function describeEnd({ what }: Program, end: End): string {
  if (end === 'not started') return `${what} could not be started`;
  return end === null ? `${what} was ended by a signal` : `${what} ended with status ${end}`;
}

async function isAnswering(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(attemptTimeoutMs), redirect: 'manual' }).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );
}

/** To the whole group, for a program may have started others. */
function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
