/** `npm start` keeps compiled code next to its bundle where Node can, and starts where that folder cannot be made. */
import { cp, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import * as nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../src/dev/free-port.js';
import { builtFrom, spawnCommand, type Spawned } from './support/spawned.js';
import { validEnvironment } from './support/configuration.js';
import { until } from './support/until.js';

const canCache = 'flushCompileCache' in nodeModule;

let install: string;
let running: Spawned | undefined;

beforeEach(async () => {
  const built = dirname(dirname(builtFrom('server.ts')));
  install = await mkdtemp(join(tmpdir(), 'auth-service-install-'));
  await cp(join(built, 'dist'), join(install, 'dist'), {
    recursive: true,
    filter: (source) => !source.endsWith('compile-cache'),
  });
  for (const name of ['node_modules', 'drizzle', 'package.json'])
    await symlink(join(built, name), join(install, name));
});

afterEach(async () => {
  running?.signal('SIGTERM');
  await running?.exit;
  await rm(install, { recursive: true });
});

/** Starts the copy and waits for the last line of its start. @returns its URL */
async function start(): Promise<string> {
  const port = await freePort();
  running = spawnCommand(process.execPath, [join(install, 'dist/server.js')], {
    cwd: tmpdir(),
    env: {
      ...validEnvironment,
      DATABASE_URL: 'postgres://user@127.0.0.1:1/db',
      PORT: String(port),
    },
  });
  await running.printed('"msg":"startup"');
  return `http://127.0.0.1:${port}`;
}

const cached = () => readdir(join(install, 'dist/compile-cache')).catch(() => []);

test.runIf(canCache)(
  'compiled code is written once the service has started, before it stops',
  async () => {
    await start();
    await until(async () => (await cached()).length > 0);
  },
);

test.skipIf(canCache)('a Node without a compile cache starts and writes none', async () => {
  const url = await start();
  expect((await fetch(`${url}/health`)).status).toBe(200);
  expect(await cached()).toEqual([]);
});

test('the service starts where the folder cannot be made', async () => {
  await writeFile(join(install, 'dist/compile-cache'), 'a file');
  const url = await start();
  expect((await fetch(`${url}/health`)).status).toBe(200);
  expect(running?.stderr()).toBe('');
});
