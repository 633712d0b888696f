/** The service in a separate process with only the given environment: its real output and exit status. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { builtFrom } from './spawned.js';
import type { LogLine } from './test-service.js';

type Variables = Readonly<Record<string, string>>;

export interface ServiceProcess {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Standard output as log lines. @throws if a line is not JSON */
  readonly logLines: () => LogLine[];
  /** The first log line that `matches`. @throws if the process exits without it */
  readonly logLine: (matches: (line: LogLine) => boolean) => Promise<LogLine>;
  /** Its exit status, after all output has been received. */
  readonly exit: Promise<number | null>;
  /** Sends a signal. */
  readonly signal: (name: NodeJS.Signals) => void;
  /** Sends a message to a module that the process has loaded, and waits for its answer. */
  readonly ask: (message: number) => Promise<void>;
  /** Sends SIGTERM and waits for the exit. */
  stop(): Promise<number | null>;
}

export interface ImportedApp extends ServiceProcess {
  /** Serves the imported app. @returns the URL */
  serve(): Promise<string>;
}

/**
 * Runs `npm start`'s entry; listens on `env.PORT`.
 * @param launcher a program and its arguments that replaces itself with the rest of the command line
 */
export function startServer(env: Variables, launcher: readonly string[] = []): ServiceProcess {
  return watch(start([builtFrom('server.ts')], env, launcher));
}

/**
 * Imports src/app.ts as Vercel does, and serves only on request.
 * @param file the built file
 * @throws if the import ends the process
 */
export async function importApp(env: Variables, file = builtFrom('app.ts')): Promise<ImportedApp> {
  const program = `
    import { createServer } from 'node:http';
    const { default: app } = await import(${JSON.stringify(pathToFileURL(file).href)});
    const server = createServer(app);
    process.once('message', () => {
      server.listen(0, '127.0.0.1', () => process.send(server.address().port));
    });
    process.send('imported');`;
  const child = start(['--input-type=module', '--eval', program], env);
  const watched = watch(child);
  const message = async () => orEnd(watched, once(child, 'message'));
  await message();
  return {
    ...watched,
    async serve() {
      child.send('serve');
      const [port] = (await message()) as [number];
      return `http://127.0.0.1:${port}`;
    },
  };
}

function start(
  args: readonly string[],
  env: Variables,
  launcher: readonly string[] = [],
): ChildProcess {
  const [command = '', ...rest] = [...launcher, process.execPath, ...args];
  return spawn(command, rest, {
    cwd: tmpdir(), // where no .env file adds variables
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

function watch(child: ChildProcess): ServiceProcess {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const logLines = () =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LogLine);
  const watched: ServiceProcess = {
    stdout: () => stdout,
    stderr: () => stderr,
    logLines,
    async logLine(matches) {
      for (;;) {
        const found = logLines().find(matches);
        if (found !== undefined) return found;
        await orEnd(watched, once(child.stdout ?? child, 'data'));
      }
    },
    exit: once(child, 'close').then(([code]) => code as number | null),
    signal: (name) => void child.kill(name),
    async ask(message) {
      const answered = once(child, 'message');
      child.send(message);
      await orEnd(watched, answered);
    },
    async stop() {
      child.kill('SIGTERM');
      return watched.exit;
    },
  };
  return watched;
}

/** Waits for `event`, at most until the process exits. */
async function orEnd<T>({ exit, stderr }: ServiceProcess, event: Promise<T>): Promise<T> {
  const ended = exit.then((code): never => {
    throw new Error(`the process ended with ${code}: ${stderr()}`);
  });
  return Promise.race([event, ended]);
}
