/** Runs dist/server.js on an embedded database: ready, then SIGTERM, then status 0. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateDatabase } from '../src/db/migrate.js';
import { startEmbeddedPostgres } from '../src/dev/embedded-postgres.js';

const dataDirectory = await mkdtemp(join(tmpdir(), 'auth-service-start-'));
await chmod(dataDirectory, 0o755);
const postgres = await startEmbeddedPostgres({ dataDirectory });
await migrateDatabase({
  url: postgres.url,
  say: (sentence) => process.stdout.write(`${sentence}\n`),
});
const port = 3912;
const server = spawn(process.execPath, ['--enable-source-maps', 'dist/server.js'], {
  env: {
    PATH: process.env.PATH,
    DATABASE_URL: postgres.url,
    BETTER_AUTH_SECRET: 'kT8mZp0aWq2xYc7vN1sLd5hRf9gJb3e4',
    BETTER_AUTH_URL: `http://localhost:${port}`,
    PORT: String(port),
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
let log = '';
for await (const chunk of server.stdout) {
  log += String(chunk);
  if (log.includes('"listening"')) break;
}
const answer = await fetch(`http://localhost:${port}/ready`);
process.stdout.write(`/ready ${answer.status} ${await answer.text()}\n`);
server.kill('SIGTERM');
const [code] = (await once(server, 'exit')) as [number | null];
await postgres.stop();
await rm(dataDirectory, { recursive: true, force: true });
process.stdout.write(`after SIGTERM: status ${code}\n`);
process.exitCode = answer.status === 200 && code === 0 ? 0 : 1;
