/** Secrets for development, created once and kept next to the embedded database. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Reads a random secret from a file that only its owner can read, and creates it the first time. The file is written
 * under a temporary name and then linked, so that no process reads a partial secret and the first of two concurrent
 * writers wins.
 */
export async function readOrCreateDevelopmentSecret(file: string): Promise<string> {
  const existing = await readFile(file, 'utf8').catch(() => '');
  if (existing !== '') return existing;
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}-${randomBytes(6).toString('hex')}.tmp`;
  await writeFile(draft, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
  await link(draft, file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
  await rm(draft);
  return readFile(file, 'utf8');
}
