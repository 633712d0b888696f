/**
 * Tests a production install on an embedded database: migrates, checks /ready and the doctor, and stops it with
 * SIGTERM.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedPostgres } from '../src/dev/embedded-postgres.js';
import { freePort } from '../src/dev/free-port.js';

const [cwd = '.'] = process.argv.slice(2);
const dataDirectory = await mkdtemp(join(tmpdir(), 'auth-service-start-'));
await chmod(dataDirectory, 0o755);
const postgres = await startEmbeddedPostgres({ dataDirectory });
const port = await freePort();
const url = `http://localhost:${port}`;
const env = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  DATABASE_URL: postgres.url,
  BETTER_AUTH_SECRET: 'kT8mZp0aWq2xYc7vN1sLd5hRf9gJb3e4',
  BETTER_AUTH_URL: url,
  PORT: String(port),
};

/** @returns its standard output. @throws if the exit status is not 0 */
async function npm(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('npm', args, { cwd, env });
  process.stdout.write(stdout);
  return stdout;
}

let isSuccess = (await npm('run', 'db:migrate')).includes('applied 0000_init');
const server = spawn('npm', ['start'], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
const ended = once(server, 'exit') as Promise<[number | null]>;
let log = '';
for await (const chunk of server.stdout) {
  log += String(chunk);
  if (log.includes('"startup"')) break;
}
const response = await fetch(`${url}/ready`);
process.stdout.write(`/ready ${response.status} ${await response.text()}\n`);
isSuccess &&= response.status === 200;
isSuccess &&= (await npm('run', 'doctor', '--', '--help')).includes('--auth-url');
// Only checks that the doctor runs; its findings about a service without TLS do not matter.
const examined = await npm('run', 'doctor', '--', '--auth-url', url, '--origin', url).catch(
  (error: unknown) => String((error as { stdout?: string }).stdout),
);
isSuccess &&= examined.includes('✓');
const missing = await npm('run', 'user', '--', 'find', 'nobody@example.com').catch(
  (error: unknown) => String((error as { stdout?: string }).stdout),
);
isSuccess &&= missing.includes('there is no user with this address');
server.kill('SIGTERM');
const [code] = await ended;
const isFree = await fetch(url).then(
  () => false,
  () => true,
);
await postgres.stop();
await rm(dataDirectory, { recursive: true, force: true });
process.stdout.write(`after SIGTERM to npm: status ${code}, port ${isFree ? 'free' : 'in use'}\n`);
process.exitCode = isSuccess && code === 0 && isFree ? 0 : 1;
