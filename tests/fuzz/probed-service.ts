/** The built service as a child process, with a preloaded probe that measures how long its event loop is blocked. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { builtFrom } from '../support/spawned.js';

export interface Sample {
  /** The longest time that the event loop was blocked since the last sample, in milliseconds. */
  readonly longestDelayMs: number;
  /** The heap size after a garbage collection, in bytes; 0 if none was requested. */
  readonly heapBytes: number;
  /** Timers, sockets and other resources that keep the process alive. */
  readonly handles: number;
}

export interface ProbedService {
  readonly port: number;
  /** The complete lines that were logged since the last call. */
  readonly takeLines: () => string[];
  readonly stderr: () => string;
  /** @param collectGarbage before the sample is taken */
  sample(collectGarbage?: boolean): Promise<Sample>;
  readonly hasEnded: () => boolean;
  stop(): Promise<number | null>;
}

/**
 * Loaded before the service. A busy machine may suspend a process for any time, so only the part of a delay in which the
 * main thread was running counts: on Linux schedstat's first number, in nanoseconds. Elsewhere the whole delay counts.
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
  process.on('message', (collectGarbage) => {
    const longestDelayMs = Math.max(0, longestMs);
    if (collectGarbage) globalThis.gc();
    const heapBytes = collectGarbage ? process.memoryUsage().heapUsed : 0;
    process.send({ longestDelayMs, heapBytes, handles: process.getActiveResourcesInfo().length });
    longestMs = 0;
  });
  process.channel.unref();`;

/** @param env with a free `PORT` */
export async function startProbedService(env: Record<string, string>): Promise<ProbedService> {
  const loaded = `data:text/javascript,${encodeURIComponent(probe)}`;
  const args = ['--expose-gc', '--import', loaded, builtFrom('server.ts')];
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
    sample: (collectGarbage = false) => ask(child, collectGarbage, exit),
    hasEnded: () => state.hasEnded,
    async stop() {
      child.kill('SIGTERM');
      return exit;
    },
  };
}

async function ask(child: ChildProcess, collectGarbage: boolean, exit: Promise<unknown>) {
  const response = once(child, 'message') as Promise<[Sample]>;
  child.send(collectGarbage);
  const sample = await Promise.race([response, exit]);
  if (!Array.isArray(sample)) throw new Error('the service has exited');
  return sample[0] as Sample;
}
