/** The service's test cluster, and the command as it is packed: dist/doctor.js. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import startCluster from '../../../../tests/support/global-setup.js';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd });
  return startCluster(project);
}
