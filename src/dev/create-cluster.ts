/** Creates the files of a database cluster with initdb, once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chown, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchAs, postgresAccount } from './postgres-account.js';
import { findPostgresBinaries } from './postgres-binaries.js';

/** Creates them in a temporary folder that is then renamed, so that an interrupted first start leaves no partial cluster. */
export async function createCluster(home: string, data: string, password: string): Promise<void> {
  if (await exists(join(data, 'PG_VERSION'))) return;
  const { initdb } = await findPostgresBinaries();
  const account = await postgresAccount();
  const draft = await mkdtemp(join(home, 'draft-')); // private to its owner
  const passwordFile = `${draft}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) {
    await chown(draft, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  try {
    const args = ['-D', draft, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
    const flags = ['-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions'];
    const launch = await launchAs(account, initdb, [...args, ...flags], [initdb, draft]);
    const child = spawn(launch.command, launch.args, {
      ...launch.options,
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderrText = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderrText += text));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`initdb could not create the database: ${stderrText.trim()}`);
    await rename(draft, data).catch(async (error: unknown) => {
      if (!(await exists(join(data, 'PG_VERSION')))) throw error; // a concurrent start was faster
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
