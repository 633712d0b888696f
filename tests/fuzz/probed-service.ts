/** The built service in a process of its own, with a probe beside it that says how long its event loop stood still. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { builtFrom } from '../support/spawned.js';

export interface Sample {
  /** The longest that the event loop computed without a pause since the last sample, in milliseconds. */
  readonly longestDelayMs: number;
  /** Of the heap after a collection, in bytes; 0 where none was asked for. */
  readonly heapBytes: number;
  /** Timers, sockets and other resources that keep the process alive. */
  readonly handles: number;
}

export interface ProbedService {
  readonly port: number;
  /** What was logged since the last call, whole lines alone. */
  readonly takeLines: () => string[];
  readonly stderr: () => string;
  /** @param isAtRest collects garbage first */
  sample(isAtRest?: boolean): Promise<Sample>;
  readonly hasEnded: () => boolean;
  stop(): Promise<number | null>;
}

/**
 * Loaded before the service, which knows nothing of it. A busy machine stops a process for as long as it likes, so what
 * counts of a delay is the time in which the main thread computed: Linux says it, in nanoseconds, in schedstat's first
 * number. Elsewhere the whole delay counts.
 */
const probe = `
  import { openSync, readSync } from 'node:fs';
  const everyMs = 10;
  let file;
  try { file = openSync('/proc/self/schedstat'); } catch {}
  const bytes = Buffer.alloc(64);
  const computedMs = () =>
    Number(bytes.toString('latin1', 0, readSync(file, bytes, 0, 64, 0)).split(' ')[0]) / 1e6;
  const nowMs = () => (file === undefined ? performance.now() : computedMs());
  let longestMs = 0;
  let last = [performance.now(), nowMs()];
  setInterval(() => {
    const next = [performance.now(), nowMs()];
    longestMs = Math.max(longestMs, Math.min(next[0] - last[0] - everyMs, next[1] - last[1]));
    last = next;
  }, everyMs).unref();
  process.on('message', (isAtRest) => {
    const longestDelayMs = Math.max(0, longestMs);
    if (isAtRest) globalThis.gc();
    const heapBytes = isAtRest ? process.memoryUsage().heapUsed : 0;
    process.send({ longestDelayMs, heapBytes, handles: process.getActiveResourcesInfo().length });
    longestMs = 0;
  });
  process.channel.unref();`;

/** @param env its `PORT` is one that is free */
export async function startProbedService(env: Record<string, string>): Promise<ProbedService> {
  const loaded = `data:text/javascript,${encodeURIComponent(probe)}`;
  const args = ['--expose-gc', '--enable-source-maps', '--import', loaded, builtFrom('server.ts')];
  const child = spawn(process.execPath, args, {
    cwd: tmpdir(), // where no .env file adds variables
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let text = '';
  let stderr = '';
  const { stdout } = child;
  stdout?.setEncoding('utf8').on('data', (part: string) => (text += part));
  child.stderr?.setEncoding('utf8').on('data', (part: string) => (stderr += part));
  const state = { hasEnded: false };
  const exit = once(child, 'close').then(([code]) => {
    state.hasEnded = true;
    return code as number | null;
  });
  while (!text.includes('"listening"')) {
    if (state.hasEnded) throw new Error(`the service did not start: ${text}${stderr}`);
    await Promise.race([once(stdout ?? child, 'data'), exit]);
  }
  return {
    port: Number(env.PORT),
    takeLines() {
      const end = text.lastIndexOf('\n') + 1;
      const lines = text.slice(0, end).split('\n').slice(0, -1);
      text = text.slice(end);
      return lines;
    },
    stderr: () => stderr,
    sample: (isAtRest = false) => ask(child, isAtRest, exit),
    hasEnded: () => state.hasEnded,
    async stop() {
      child.kill('SIGTERM');
      return exit;
    },
  };
}

async function ask(child: ChildProcess, isAtRest: boolean, exit: Promise<unknown>) {
  const answered = once(child, 'message') as Promise<[Sample]>;
  child.send(isAtRest);
  const answer = await Promise.race([answered, exit]);
  if (!Array.isArray(answer)) throw new Error('the service has ended');
  return answer[0] as Sample;
}
