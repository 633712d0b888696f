/** PostgreSQL refuses to run as root; where the service was started by root, another account runs it. */
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

/** The account PostgreSQL shall run under: undefined for the present one, which is right for everybody but root. */
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
 * Wraps a command for the account. A clone under /root lies in a folder that no other account may pass, so there
 * the program keeps root's right to pass folders (CAP_DAC_OVERRIDE) and nothing else of root's.
 * @param folders what the account must reach: the programs and the data
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
    // PostgreSQL looks for its programs with access(2), which forgets the kept right without this (capabilities(7)).
    '--securebits=+no_setuid_fixup',
    `--inh-caps=${keep}`,
    `--ambient-caps=${keep}`,
  ];
  return { command: 'setpriv', args: [...setpriv, command, ...args], options: {} };
}

/** Whether every folder above may be passed by anybody. */
async function isPassable(path: string): Promise<boolean> {
  const folder = dirname(resolve(path));
  const { mode } = await stat(folder);
  if ((mode & 0o001) === 0) return false;
  return folder === dirname(folder) || isPassable(folder);
}
