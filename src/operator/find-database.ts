/** Finds the database for operator commands: the configured one, or that of a running `npm run dev`. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Environment } from '../config/environment.js';
import { coreVariables } from '../config/variables.js';
import { CommandRefusedError } from './command-refused.js';

export interface FoundDatabase {
  readonly url: string;
  /** For display: host and name, or the `npm run dev` it belongs to. */
  readonly label: string;
}

/** No database was found; the message says what to set or start. */
class NoDatabaseError extends CommandRefusedError {
  override readonly name = 'NoDatabaseError';
}

/** @throws NoDatabaseError */
export async function findDatabase(env: Environment): Promise<FoundDatabase> {
  const { DATABASE_URL: url } = env;
  if (!url) return findDevelopmentDatabase(resolve(env.DATA_DIR || '.data'));
  const { error } = coreVariables.shape.DATABASE_URL.safeParse(url);
  if (error) throw new NoDatabaseError(`DATABASE_URL ${error.issues[0]?.message ?? 'is invalid'}`);
  const { host, pathname } = new URL(url);
  return { url, label: `${host}${pathname}` };
}

/** Reads port and password from the files of `npm run dev` (src/dev/embedded-postgres.ts). */
async function findDevelopmentDatabase(home: string): Promise<FoundDatabase> {
  const postmaster = await read(join(home, 'postgres/postmaster.pid'));
  const password = await read(join(home, 'postgres-password'));
  const [pid, , , port] = postmaster?.split('\n') ?? [];
  if (password === undefined || port === undefined || !isAlive(Number(pid))) {
    throw new NoDatabaseError(
      `DATABASE_URL is not set, and no \`npm run dev\` is running on ${home}: set it, or start npm run dev`,
    );
  }
  const url = `postgresql://postgres:${password}@127.0.0.1:${Number(port)}/postgres`;
  return { url, label: `npm run dev on ${home}` };
}

async function read(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') return undefined;
    throw new NoDatabaseError(
      `${file} can only be read by the account that runs npm run dev: use that account`,
    );
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // alive, but of another account
  }
}
