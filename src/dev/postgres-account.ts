/** PostgreSQL refuses to run as root: if the service is started by root, it runs under another account. */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** How to start a program so that PostgreSQL accepts it. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: { uid?: number; gid?: number };
}

const run = promisify(execFile);

/** The account to run PostgreSQL under; undefined for the current one, unless that is root. */
export async function postgresAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]).catch(
      () => undefined,
    );
    if (ids) return { uid: Number(ids[0].stdout), gid: Number(ids[1].stdout) };
  }
  throw new Error(
    'root cannot run PostgreSQL, and there is no account postgres or nobody: use another account',
  );
}

/**
 * Wraps a command to run under the account. A clone under /root is in a folder that other accounts cannot enter; there
 * the program keeps root's CAP_DAC_OVERRIDE capability and nothing else.
 * @param folders paths the account must be able to reach: the programs and the data
 */
export async function launchAs(
  account: Account | undefined,
  command: string,
  args: readonly string[],
  folders: readonly string[],
): Promise<Launch> {
  if (account === undefined) return { command, args, options: {} };
  const reachable = await Promise.all(folders.map(isPassable));
  if (reachable.every(Boolean)) return { command, args, options: { ...account } };
  const { uid, gid } = account;
  const keep = '+dac_override';
  const setpriv = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    // PostgreSQL finds its programs with access(2), which ignores the capability without this (capabilities(7)).
    '--securebits=+no_setuid_fixup',
    `--inh-caps=${keep}`,
    `--ambient-caps=${keep}`,
  ];
  return { command: 'setpriv', args: [...setpriv, command, ...args], options: {} };
}

/** Whether every account may enter all parent folders. */
async function isPassable(path: string): Promise<boolean> {
  const folder = dirname(resolve(path));
  const { mode } = await stat(folder);
  if ((mode & 0o001) === 0) return false;
  return folder === dirname(folder) || isPassable(folder);
}
