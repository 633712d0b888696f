/** Builds a copy of the project as Vercel does, offline, and serves the function it emits. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from '../../src/config/environment.js';

const run = promisify(execFile);

/** Vercel builds and runs with the same Node version; with an older one its tracer omits files that Node 24 needs. */
const node = ['-y', '-p', 'node@24'];
const vercelCli = 'vercel@60.0.0';

export interface VercelBuild {
  /** The folder of the one function, `index.func`. */
  readonly functionFolder: string;
  readonly output: string;
  remove(): Promise<void>;
}

/** @param fill writes the project's files into the folder; default: this project */
export async function buildForVercel(fill = copyProject): Promise<VercelBuild> {
  const folder = await mkdtemp(join(tmpdir(), 'auth-service-vercel-'));
  await fill(folder);
  await mkdir(join(folder, '.vercel'));
  // What `vercel pull` would write: without it the CLI asks for an account.
  const project = {
    projectId: 'prj_local',
    orgId: 'team_local',
    settings: { framework: 'express' },
  };
  await writeFile(join(folder, '.vercel/project.json'), JSON.stringify(project));
  const args = [...node, '-p', vercelCli, 'vercel', 'build', '--yes'];
  const env = { ...process.env, VERCEL_TELEMETRY_DISABLED: '1' };
  const built = await run('npx', args, { cwd: folder, env, maxBuffer: 10_000_000 });
  return {
    functionFolder: join(folder, '.vercel/output/functions/index.func'),
    output: built.stdout + built.stderr,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function copyProject(folder: string): Promise<void> {
  const { stdout } = await run('git', ['ls-files', '-co', '--exclude-standard'], { cwd: '.' });
  for (const file of stdout.split('\n').filter((name) => name !== '')) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(file, join(folder, file)).catch(ignoreDeleted);
  }
}

/** Imports the handler as Vercel's launcher does and puts it behind a server on a free port. */
const launcher = `
  import { createServer } from 'node:http';
  import { pathToFileURL } from 'node:url';
  const sendEvent = (event) => process.send({ event });
  const waitUntil = (work) => { sendEvent('awake'); work.then(() => sendEvent('asleep')); };
  globalThis[Symbol.for('@vercel/request-context')] = { get: () => ({ waitUntil }) };
  const { default: app } = await import(pathToFileURL(process.argv[1]).href);
  const server = createServer(app).listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
`;

export interface ServedFunction {
  readonly url: string;
  readonly logText: () => string;
  /** How often the platform was asked not to suspend the process (`awake`), and how often that ended (`asleep`). */
  readonly count: (event: 'awake' | 'asleep') => number;
  stop(): Promise<void>;
}

/** The Node that Vercel builds and runs with. */
export async function findVercelNode(): Promise<string> {
  const { stdout } = await run('npx', [...node, 'node', '-p', 'process.execPath']);
  return stdout.trim();
}

export async function serveFunction(
  entry: string,
  env: Environment,
  executable?: string,
): Promise<ServedFunction> {
  const child = spawn(
    executable ?? (await findVercelNode()),
    ['--input-type=module', '-e', launcher, entry],
    {
      cwd: tmpdir(),
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  }
  const events: unknown[] = [];
  child.on('message', (message: { event?: string }) => events.push(message.event));
  const [{ port }] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => [{ port: 0 }]),
  ])) as [{ port: number }];
  if (child.exitCode !== null) throw new Error(`the function did not load: ${text}`);
  return {
    url: `http://127.0.0.1:${port}`,
    logText: () => text,
    count: (event) => events.filter((each) => each === event).length,
    stop: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL'); // as the platform ends it
  await ended;
}

function ignoreDeleted(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
