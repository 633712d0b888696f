/** Runs a production install on an embedded database: migrated, ready, examined; then SIGTERM to npm, then status 0. */
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

/** @returns what it printed; @throws where it ends with another status than 0 */
async function npm(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('npm', args, { cwd, env });
  process.stdout.write(stdout);
  return stdout;
}

let isRight = (await npm('run', 'db:migrate')).includes('applied 0000_init');
const server = spawn('npm', ['start'], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
const ended = once(server, 'exit') as Promise<[number | null]>;
let log = '';
for await (const chunk of server.stdout) {
  log += String(chunk);
  if (log.includes('"startup"')) break;
}
const answer = await fetch(`${url}/ready`);
process.stdout.write(`/ready ${answer.status} ${await answer.text()}\n`);
isRight &&= answer.status === 200;
isRight &&= (await npm('run', 'doctor', '--', '--help')).includes('--auth-url');
// Its verdict on a service without TLS is not the question: that it runs is.
const examined = await npm('run', 'doctor', '--', '--auth-url', url, '--origin', url).catch(
  (error: unknown) => String((error as { stdout?: string }).stdout),
);
isRight &&= examined.includes('✓');
const missing = await npm('run', 'user', '--', 'find', 'nobody@example.com').catch(
  (error: unknown) => String((error as { stdout?: string }).stdout),
);
isRight &&= missing.includes('there is no user with this address');
server.kill('SIGTERM');
const [code] = await ended;
const isFree = await fetch(url).then(
  () => false,
  () => true,
);
await postgres.stop();
await rm(dataDirectory, { recursive: true, force: true });
process.stdout.write(`after SIGTERM to npm: status ${code}, port ${isFree ? 'free' : 'taken'}\n`);
process.exitCode = isRight && code === 0 && isFree ? 0 : 1;
