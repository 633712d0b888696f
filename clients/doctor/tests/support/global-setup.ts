/** The service's test cluster, and the package as npm packs it; packing builds dist/doctor.js first. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import startCluster from '../../../../tests/support/global-setup.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The path of the file that `npm pack` wrote. */
    tarball: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'auth-service-doctor-'));
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  await promisify(execFile)('npm', ['pack', '--silent', '--pack-destination', folder], { cwd });
  const [name = ''] = await readdir(folder);
  project.provide('tarball', join(folder, name));
  const stopCluster = await startCluster(project);
  return async function teardown() {
    await stopCluster();
    await rm(folder, { recursive: true });
  };
}
