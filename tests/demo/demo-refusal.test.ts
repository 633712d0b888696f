/** If `npm run demo` cannot start, it prints one sentence with the fix, and installs and starts nothing. */
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../src/dev/free-port.js';
import { takePort } from '../support/dev-process.js';
import { spawnProgram } from '../support/spawned.js';

const folders: string[] = [];
/** Used as PATH: contains only what a test adds. */
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auth-service-demo-'));
  folders.push(folder);
});
afterAll(async () => {
  for (const each of folders) await rm(each, { recursive: true });
});

/** @returns its output and exit status */
async function startDemo(env: Record<string, string> = {}) {
  const ports = {
    PORT: String(await freePort()),
    API_PORT: String(await freePort()),
    SITE_PORT: String(await freePort()),
  };
  const DATA_DIR = join(folder, 'data');
  const demo = spawnProgram('examples/textbook/demo/demo.ts', {
    ...ports,
    DATA_DIR,
    PATH: folder,
    ...env,
  });
  const status = await demo.exit;
  await expect(access(DATA_DIR)).rejects.toThrow('ENOENT');
  expect(demo.stderr()).toBe('');
  return { status, said: demo.stdout() };
}

/** Adds a program with this name that behaves like that Python. */
async function putPython(name: string, version: string, hasVenv: boolean): Promise<void> {
  const script = `#!/bin/sh\necho ${version}\n${hasVenv ? 'echo venv\n' : ''}`;
  await writeFile(join(folder, name), script, { mode: 0o755 });
}

test('without Python, it says what to install', async () => {
  const { status, said } = await startDemo();
  expect(status).toBe(1);
  expect(said).toMatch(
    /^the demo’s API needs Python 3\.10 or later, and there is none in PATH: install it \(.*\), or set PYTHON to its path\n$/,
  );
});

test('an invalid PYTHON is reported by the variable’s name', async () => {
  const { status, said } = await startDemo({ PYTHON: join(folder, 'nothing') });
  expect(status).toBe(1);
  expect(said).toContain('PYTHON is not a Python interpreter');
  expect(said).not.toContain(folder);
});

test('a Python that is too old is reported with its version', async () => {
  await putPython('python3', '3.9', true);
  const { status, said } = await startDemo();
  expect(status).toBe(1);
  expect(said).toMatch(/^.* and python3 is Python 3\.9: install a newer version .*\n$/);
});

test('a Python without venv is reported with the package to install', async () => {
  await putPython('python3', '3.12', false);
  const { status, said } = await startDemo();
  expect(status).toBe(1);
  expect(said).toMatch(
    /^.* and python3 lacks venv: install it \(.*apt install python3-venv\).*\n$/,
  );
});

test('a port in use is reported with the part that needs it and the variable that changes it', async () => {
  const api = await takePort();
  const site = await takePort();
  const { status, said } = await startDemo({
    API_PORT: String(api.port),
    SITE_PORT: String(site.port),
  });
  api.server.close();
  site.server.close();
  expect(status).toBe(1);
  expect(said).toBe(
    `port ${api.port}, for the API, is in use: stop the program that uses it, or set API_PORT\n` +
      `port ${site.port}, for the site, is in use: stop the program that uses it, or set SITE_PORT\n`,
  );
});

test('two parts with the same port, and an invalid port, are reported by their variables', async () => {
  const port = String(await freePort());
  expect((await startDemo({ PORT: port, SITE_PORT: port })).said).toBe(
    'PORT, API_PORT and SITE_PORT must be three different ports\n',
  );
  expect((await startDemo({ API_PORT: 'eight' })).said).toBe('API_PORT is not a valid port\n');
});
