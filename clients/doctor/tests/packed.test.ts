/** The packed file, installed into an empty folder: it needs nothing of this repository. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { spawnCommand } from '../../../tests/support/spawned.js';
import manifest from '../package.json' with { type: 'json' };
import serviceManifest from '../../../package.json' with { type: 'json' };
import { version } from '../src/service.js';
import { startDeployment, type Deployment } from './support/deployment.js';

let deployment: Deployment;
let folder: string;
beforeAll(async () => {
  deployment = await startDeployment();
  folder = await mkdtemp(join(tmpdir(), 'doctor-installed-'));
  const args = ['install', '--no-audit', '--no-fund', inject('tarball')];
  await promisify(execFile)('npm', args, { cwd: folder });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await deployment.stop();
});

test.each([
  ['node_modules/.bin/auth-service-doctor', []],
  ['npx', ['--no-install', 'auth-service-doctor']],
])('%s %j checks a running service', async (command, args) => {
  const { authUrl, origins } = deployment.target;
  const target = ['--auth-url', authUrl, '--origin', origins[0] ?? '', '--probe-user'];
  await deployment.service.database.query('delete from rate_limit');
  const doctor = spawnCommand(command, [...args, ...target], { cwd: folder, env: {} });
  const status = await doctor.exit;
  expect(doctor.stderr()).toBe('');
  expect(doctor.stdout()).toContain('✓ the temporary user was deleted');
  // The rate limits see the proxy of this test as the only client.
  expect({ status, failed: doctor.stdout().match(/✗ .*/g) }).toEqual({
    status: 1,
    failed: ['✗ two clients share one rate limit', '✗ 1'],
  });
});

test('only the declared dependencies are installed, in the versions of the service', async () => {
  const lock = JSON.parse(
    await readFile(join(folder, 'node_modules/.package-lock.json'), 'utf8'),
  ) as { packages: Record<string, unknown> };
  const { dependencies } = manifest;
  expect(Object.keys(lock.packages).map((path) => path.replace('node_modules/', ''))).toEqual(
    [manifest.name, ...Object.keys(dependencies), 'tldts-core'].sort(),
  );
  expect(serviceManifest.devDependencies).toMatchObject(dependencies); // the service bundles them
});

test('the dependencies are what the bundle imports, and the version is that of the manifest', async () => {
  const code = await readFile(
    join(folder, 'node_modules/auth-service-doctor/dist/doctor.js'),
    'utf8',
  );
  const imports = [...code.matchAll(/^import .* from "(?!node:)([^"]+)";$/gm)].map(
    ([, name]) => name,
  );
  expect(imports.sort()).toEqual(Object.keys(manifest.dependencies).sort());
  expect(manifest.version).toBe(version);
});
