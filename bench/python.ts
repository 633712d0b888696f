/** A Python environment with the libraries of the Python contenders, kept between runs. */
import { execFile } from 'node:child_process';
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const folder = pathOf('../node_modules/.cache/bench-python');
const python = join(folder, 'bin/python');
const requirements = pathOf('contenders/requirements.txt');

/**
 * @param install whether to create it if it is missing; needs python3 with venv, and a package index for pip
 * @returns its interpreter, or undefined if there is none: the measures are then made without Python
 */
export async function findPython(
  install: boolean,
  onProgress: (message: string) => void,
): Promise<string | undefined> {
  const isInstalled = await access(python).then(
    () => true,
    () => false,
  );
  if (isInstalled) return python;
  if (!install) {
    onProgress('fastapi-users is not measured: its libraries are not installed (--python does)');
    return undefined;
  }
  onProgress('installing fastapi-users');
  try {
    await promisify(execFile)('python3', ['-m', 'venv', folder]);
    await promisify(execFile)(python, ['-m', 'pip', 'install', '--quiet', '-r', requirements]);
    return python;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    onProgress(`fastapi-users is not measured: ${String(error).split('\n')[0] ?? ''}`);
    return undefined;
  }
}
