/** Finds a Python that can make a virtual environment, or says in one sentence what is missing. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Environment } from '../../../src/config/environment.js';
import { DemoError } from './settings.js';

const run = promisify(execFile);
const names = ['python3', 'python', ...[14, 13, 12, 11, 10].map((minor) => `python3.${minor}`)];

/** Debian packs ensurepip, without which venv makes an environment without pip, apart from Python. */
const question = `
import sys
print("%d.%d" % sys.version_info[:2])
try:
    import venv, ensurepip
    print("venv")
except ImportError:
    pass
`;

/**
 * @param env PYTHON names the one to take; otherwise the first fitting one in PATH is taken
 * @throws DemoError
 */
export async function findPython(env: Environment): Promise<string> {
  let problem: string | undefined;
  for (const name of env.PYTHON ? [env.PYTHON] : names) {
    const answer = await run(name, ['-c', question], { env }).catch(() => undefined);
    const [version, venv] = answer?.stdout.trim().split(/\s+/) ?? [];
    const [, major, minor] = /^(\d+)\.(\d+)$/.exec(version ?? '') ?? [];
    if (major === undefined || minor === undefined) continue;
    const isNewEnough = Number(major) === 3 && Number(minor) >= 10;
    if (isNewEnough && venv !== undefined) return name;
    problem ??= isNewEnough
      ? `${name} lacks venv: install it (on Debian and Ubuntu: apt install python3-venv)`
      : `${name} is Python ${major}.${minor}: install a newer one (https://www.python.org/downloads/)`;
  }
  const found = env.PYTHON ? 'PYTHON names no Python' : 'there is none in PATH';
  const install =
    'install it (https://www.python.org/downloads/; on Debian: apt install python3-venv)';
  throw new DemoError(
    `the demo’s API needs Python 3.10 or later, and ${problem ?? `${found}: ${install}`}, or set PYTHON to its path`,
  );
}
