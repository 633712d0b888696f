/** Where tests keep databases that need not survive them. */
import { mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const memory = '/dev/shm';
const requiredBytes = 4 * 2 ** 30; // Docker's default has 64 MB

/**
 * A new folder, in memory on Linux if there is room: a disk's file system spends a fifth of the tests' CPU time on the files
 * of some hundred databases that are created and dropped.
 */
export async function makeMemoryFolder(prefix: string): Promise<string> {
  const free = await statfs(memory).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  return mkdtemp(join(free < requiredBytes ? tmpdir() : memory, prefix));
}
