/** Starts the programs to measure as child processes: assigns a port, waits until they respond, stops them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../src/dev/free-port.js';
import { secret } from './seed.js';

export interface Contender {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  /** Waits until it responds. @throws with its output if it does not */
  ready(): Promise<void>;
  /** Waits until its output contains the text. */
  printed(text: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts contenders for a measure; all of them are stopped at the end. */
export interface Starter {
  /** The service as run by `npm start`, with default settings except for its limits per account. */
  readonly service: (databaseUrl: string) => Promise<Contender>;
  /** The same with another bundle in place of `dist/server.js`. */
  readonly otherService: (file: string, databaseUrl: string) => Promise<Contender>;
  /** The service as run by `npm run dev`, with the given database instead of its own. */
  readonly development: (databaseUrl: string) => Promise<Contender>;
  /** A program of bench/contenders. */
  readonly contender: (file: string, databaseUrl: string) => Promise<Contender>;
  /** A program of bench/contenders in Python, with one uvicorn worker. */
  readonly pythonContender: (
    python: string,
    module: string,
    databaseUrl: string,
  ) => Promise<Contender>;
  readonly stopAll: () => Promise<void>;
}

/** A program to start; it gets its port in PORT, which is also inserted for `{port}` in its arguments. */
export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The header with the client's address, for requests from many addresses. */
export const clientIpHeader = 'x-bench-client-ip';

/** The Origin header of sign-ins. */
export const origin = 'http://localhost:3001';

const startTimeoutMs = 30_000;
const withTsx = ['--import', import.meta.resolve('tsx')];
const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** @param folder for the output files; writing to a file costs no more than to a pipe, and needs no reader */
export function createStarter(folder: string): Starter {
  const running: Contender[] = [];
  const launch = async (program: Program) => {
    const contender = await start(program, folder);
    running.push(contender);
    await contender.ready();
    return contender;
  };
  return {
    service: (databaseUrl) => launch(serviceProgram(databaseUrl)),
    otherService: (file, databaseUrl) => launch(serviceProgram(databaseUrl, file)),
    development: (databaseUrl) =>
      launch({
        name: 'development',
        command: process.execPath,
        args: [...withTsx, pathOf('../src/dev/dev.ts')],
        env: { ...serviceProgram(databaseUrl).env, NODE_ENV: 'development' },
      }),
    contender: (file, databaseUrl) =>
      launch({
        name: file,
        command: process.execPath,
        args: [...withTsx, pathOf(`contenders/${file}.ts`)],
        env: { DATABASE_URL: databaseUrl },
      }),
    pythonContender: (python, module, databaseUrl) =>
      launch({
        name: module,
        command: python,
        args: ['-m', 'uvicorn', `${module}:app`, '--port', '{port}', '--no-access-log'],
        env: { DATABASE_URL: databaseUrl, PYTHONPATH: pathOf('contenders') },
      }),
    async stopAll() {
      await Promise.all(running.splice(0).map((contender) => contender.stop()));
    },
  };
}

/** The service as run by `npm start`, without npm. */
export function serviceProgram(databaseUrl: string, file = pathOf('../dist/server.js')): Program {
  return {
    name: 'service',
    command: process.execPath,
    args: [file],
    env: {
      DATABASE_URL: databaseUrl,
      CLIENT_IP_HEADER: clientIpHeader,
      // Otherwise password guesses would be rate limited before the hash that is to be measured.
      RATE_LIMIT_SIGN_IN_PER_ACCOUNT: '99999/5m',
      LIMIT_PAUSE: '99/1s/1s',
    },
  };
}

/** Starts a program without waiting for it. */
export async function start(program: Program, folder: string): Promise<Contender> {
  const { name, command, args, env } = program;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(folder, `${name}-${port}.log`);
  const log = await open(logFile, 'w');
  const child = spawn(
    command,
    args.map((arg) => arg.replace('{port}', String(port))),
    {
      cwd: folder, // so that no .env file adds variables
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        PORT: String(port),
        BETTER_AUTH_SECRET: secret,
        BETTER_AUTH_URL: origin,
        ...env,
      },
      stdio: ['ignore', log.fd, log.fd],
    },
  );
  await log.close();
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const output = () => readFile(logFile, 'utf8');
  const until = async (isTrue: () => Promise<boolean>) => {
    const giveUpAt = Date.now() + startTimeoutMs;
    while (!(await isTrue())) {
      if (hasEnded() || Date.now() > giveUpAt) {
        throw new Error(`${name} did not start: ${(await output()).slice(-2000)}`);
      }
      await sleep(50);
    }
  };
  return {
    name,
    url,
    pid: child.pid ?? NaN,
    ready: () => until(() => isResponding(url)),
    printed: (text) => until(async () => (await output()).includes(text)),
    async stop() {
      if (hasEnded()) return;
      const end = once(child, 'exit');
      child.kill('SIGTERM');
      await end;
    },
  };
}

/** Any response counts: the contenders have no route in common. */
async function isResponding(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.arrayBuffer().then(() => true),
    () => false,
  );
}
