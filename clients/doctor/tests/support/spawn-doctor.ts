/** The command as a process of its own. */
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { spawnCommand, type Spawned } from '../../../../tests/support/spawned.js';

export const program = fileURLToPath(new URL('../../dist/doctor.js', import.meta.url));

/** Its environment contains only `env`, and no .env file adds to it. */
export function spawnDoctor(args: readonly string[], env: Record<string, string> = {}): Spawned {
  return spawnCommand(process.execPath, [program, ...args], {
    cwd: tmpdir(),
    env,
  });
}
