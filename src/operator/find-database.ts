/** Which database an operator's command works on: the configured one, or that of the `npm run dev` beside it. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Environment } from '../config/environment.js';
import { coreVariables } from '../config/variables.js';

export interface FoundDatabase {
  readonly url: string;
  /** For people: host and name, or whose it is. */
  readonly label: string;
}

/** There is no database to work on; the message says what to set or start. */
export class NoDatabaseError extends Error {
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

/** Port and password lie where `npm run dev` keeps them (src/dev/embedded-postgres.ts). */
async function findDevelopmentDatabase(home: string): Promise<FoundDatabase> {
  const postmaster = await read(join(home, 'postgres/postmaster.pid'));
  const password = await read(join(home, 'postgres-password'));
  const [pid, , , port] = postmaster?.split('\n') ?? [];
  if (password === undefined || port === undefined || !isAlive(Number(pid))) {
    throw new NoDatabaseError(
      `DATABASE_URL is not set, and no \`npm run dev\` runs on ${home}: set it, or start npm run dev`,
    );
  }
  const url = `postgresql://postgres:${password}@127.0.0.1:${Number(port)}/postgres`;
  return { url, label: `npm run dev on ${home}` };
}

async function read(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') return undefined;
    throw new NoDatabaseError(`${file} may be read by the account of npm run dev alone: use that`);
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // another account's
  }
}
