/** Runs a program of the demo: its output, whether it responds, and its exit. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../../../src/config/environment.js';

export interface ProgramOptions {
  /** Name in messages: `the site`. */
  readonly what: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Environment;
}

/** The exit status; null if ended by a signal. */
type End = number | null | 'not started';

export interface Program {
  readonly what: string;
  /** Resolves when it has exited and all its output has been read. */
  readonly ended: Promise<End>;
  /** Its last lines of output, at most 40. */
  lastLines(): readonly string[];
  /** Calls `onLine` with each further line. */
  listen(onLine: (line: string) => void): void;
  /** Sends SIGTERM and waits for it to exit; kills it after a timeout. */
  stop(): Promise<void>;
}

/** A part could not be started, or exited while the others were running. */
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
/** The service may take 15 s to finish requests, and its database 20 s to write everything. */
const stopTimeoutMs = 40_000;
const pollMs = 200;
/** Per attempt: the site's server delays responses until it has compiled the pages. */
const attemptTimeoutMs = 20_000;

export function startProgram({ what, command, args, cwd, env }: ProgramOptions): Program {
  // Its own process group: Ctrl-C must only reach the demo, which stops the parts in order.
  const child = spawn(command, args, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let lines: readonly string[] = [];
  let onEachLine: (line: string) => void = () => undefined;
  const onOutput = (line: string) => {
    lines = [...lines.slice(1 - keptLines), line];
    onEachLine(line);
  };
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', onOutput);
  }
  const ended = once(child, 'close').then(
    ([code]) => code as number | null,
    (error: unknown) => {
      onOutput(String(error));
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
 * Waits until `url` responds with 2xx.
 * @throws ProgramError if the program exits first or takes longer than `timeoutMs`
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
  const poll = async () => {
    const giveUpAt = Date.now() + timeoutMs;
    while (!hasEnded && !(await isAnswering(url))) {
      if (Date.now() > giveUpAt) {
        const seconds = Math.round(timeoutMs / 1000);
        const message = `${program.what} did not respond at ${url} within ${seconds} s`;
        throw new ProgramError(program, message);
      }
      await sleep(pollMs);
    }
  };
  await Promise.race([poll(), end]);
}

/** @throws ProgramError as soon as one of them exits */
export async function untilOneEnds(programs: readonly Program[]): Promise<never> {
  return Promise.race(
    programs.map(async (program) => {
      throw new ProgramError(program, describeEnd(program, await program.ended));
    }),
  );
}

export function describeEnd({ what }: Program, end: End): string {
  if (end === 'not started') return `${what} could not be started`;
  return end === null ? `${what} was ended by a signal` : `${what} exited with status ${end}`;
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

/** Signals the whole process group, because a program may have child processes. */
function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
