/**
 * Runs the file tree of the container image without Docker, as the Dockerfile does: migrates and serves as process 1 of a
 * PID namespace, as nobody, with a read-only root. Needs Linux and root.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../src/dev/embedded-postgres.js';
import { freePort } from '../src/dev/free-port.js';

const [tree = '.'] = process.argv.slice(2);
const dockerfile = await readFile(new URL('../Dockerfile', import.meta.url), 'utf8');
const [healthCheck, serve] = [...dockerfile.matchAll(/CMD (\[".*"\])$/gm)].map(
  ([, command = '']) => JSON.parse(command) as string[],
);
const dataDirectory = await mkdtemp(join(tmpdir(), 'auth-service-image-'));
await chmod(dataDirectory, 0o755);
const postgres = await startEmbeddedPostgres({ dataDirectory });
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const env = {
  PATH: process.env.PATH,
  NODE_ENV: 'production',
  HOST: '0.0.0.0',
  PORT: String(port),
  DATABASE_URL: postgres.url,
  BETTER_AUTH_SECRET: 'kT8mZp0aWq2xYc7vN1sLd5hRf9gJb3e4',
  BETTER_AUTH_URL: 'https://auth.example.com',
};
const readOnlyRoot =
  'mount --make-rprivate / && mount -o remount,bind,ro / && mount -t proc proc /proc';
const asNobody = 'exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs "$@"';

function run([command = '', ...args]: readonly string[]): ChildProcess {
  const isolated = ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c'];
  // The node of this script, as `node` in the image is the one that filled the compile cache.
  const program = command === 'node' ? process.execPath : command;
  return spawn('unshare', [...isolated, `${readOnlyRoot} && ${asNobody}`, 'sh', program, ...args], {
    cwd: tree,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The exit status. */
async function ended(child: ChildProcess): Promise<number | null> {
  child.stdout?.pipe(process.stdout);
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/** The process that unshare runs, whose id in its own namespace is 1. */
async function processOneOf({ pid }: ChildProcess): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return Number(children.trim());
}

const checks: Record<string, boolean> = {};
const write = "fs.writeFileSync('dist/written', '')";
checks['the root is read-only'] = (await ended(run(['node', '-e', write]))) !== 0;
checks['migrates'] = (await ended(run(['node', 'dist/db/migrate-command.js']))) === 0;

const startedAt = performance.now();
const server = run(serve ?? []);
const exit = once(server, 'exit') as Promise<[number | null]>;
server.stdout?.pipe(process.stdout);
let health = await statusOf('/health');
while (health === undefined && performance.now() - startedAt < 20_000) {
  await sleep(5);
  health = await statusOf('/health');
}
const startMs = Math.round(performance.now() - startedAt);
checks['answers /health'] = health === 200;
checks['is ready'] = (await statusOf('/ready')) === 200;
checks['its health check succeeds'] = (await ended(run(healthCheck ?? []))) === 0;
const processOne = await processOneOf(server);
const status = await readFile(`/proc/${processOne}/status`, 'utf8');
checks['is process 1'] = /^NSpid:.*\t1$/m.test(status);
checks['runs as nobody'] = /^Uid:\t65534\t65534/m.test(status);
process.kill(processOne, 'SIGTERM');
const [code] = await exit;
checks['ends on SIGTERM with status 0'] = code === 0;
checks['a health check without a service fails'] = (await ended(run(healthCheck ?? []))) !== 0;

await postgres.stop();
await rm(dataDirectory, { recursive: true, force: true });
for (const [what, isTrue] of Object.entries(checks)) {
  process.stdout.write(`${isTrue ? 'ok   ' : 'FAILS'} ${what}\n`);
}
process.stdout.write(`first response after ${startMs} ms\n`);
process.exitCode = Object.values(checks).every(Boolean) ? 0 : 1;

async function statusOf(path: string): Promise<number | undefined> {
  return fetch(url + path).then(
    (response) => response.status,
    () => undefined,
  );
}
