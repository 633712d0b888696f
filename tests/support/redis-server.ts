/** A real redis-server on a free local port, which can be stopped, killed, and started again with other settings. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from '../../src/dev/free-port.js';

export interface RedisServer {
  /** Of its default account, without a password. */
  readonly url: string;
  readonly port: number;
  /** Sends one command on a connection of its own. @throws the server's refusal */
  command(...words: readonly string[]): Promise<unknown>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again on the same port. @param settings such as `--requirepass secret` */
  start(...settings: readonly string[]): Promise<void>;
  /** SIGSTOP: it accepts connections, and answers nothing. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

export async function startRedis(...settings: readonly string[]): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;

  async function start(...words: readonly string[]): Promise<void> {
    const own = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
    const started = spawn('redis-server', [...own, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    started.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child = started;
    for (let tries = 0; !/Ready to accept connections/.test(output); tries += 1) {
      if (started.exitCode !== null || tries > 500) throw new Error(`no redis-server: ${output}`);
      await delay(20);
    }
  }

  async function kill(): Promise<void> {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  }

  await start(...settings);
  return {
    url,
    port,
    async command(...[name = '', ...words]) {
      const redis = new Redis({ port, lazyConnect: true, enableReadyCheck: false });
      redis.on('error', () => undefined);
      try {
        return await redis.call(name, ...words);
      } finally {
        redis.disconnect();
      }
    },
    kill,
    start,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
