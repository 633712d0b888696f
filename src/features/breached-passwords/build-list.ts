/** Builds the file of `PWNED_LIST` from a text file of Have I Been Pwned. */
import { createReadStream } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import {
  blockBytes,
  blocksFor,
  createHeader,
  headerBytes,
  positionsOf,
  setBits,
} from './list-file.js';

/** A line of the input is not `SHA1:COUNT`. Its content is not shown. */
class InvalidLineError extends Error {
  override readonly name = 'InvalidLineError';
}

/**
 * Reads the input twice: to count, and to fill the list, which is held in memory meanwhile. The output appears complete
 * or not at all.
 * @param input lines of `SHA1:COUNT`, in any order
 * @param atLeast leaves out passwords that were seen less often
 * @returns how many passwords the list has
 * @throws InvalidLineError, errors of the file system
 */
export async function buildList(input: string, output: string, atLeast: number): Promise<number> {
  const count = await countHashes(input, atLeast);
  const blocks = blocksFor(count);
  const list = Buffer.alloc(headerBytes + blocks * blockBytes);
  list.set(createHeader(blocks));
  for await (const hash of readHashes(input, atLeast)) {
    const { block, bits } = positionsOf(Buffer.from(hash, 'hex'), blocks);
    const start = headerBytes + block * blockBytes;
    setBits(list.subarray(start, start + blockBytes), bits);
  }
  const draft = `${output}.tmp`;
  try {
    await writeFile(draft, list);
    await rename(draft, output);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return count;
}

async function countHashes(input: string, atLeast: number): Promise<number> {
  const hashes = readHashes(input, atLeast);
  let count = 0;
  while ((await hashes.next()).done !== true) count += 1;
  return count;
}

async function* readHashes(input: string, atLeast: number): AsyncGenerator<string> {
  let number = 0;
  const lines = createInterface({ input: createReadStream(input), crlfDelay: Infinity });
  for await (const line of lines) {
    number += 1;
    if (line === '') continue;
    const [, hash, seen] = /^([0-9A-Fa-f]{40}):(\d+)$/.exec(line) ?? [];
    if (hash === undefined) throw new InvalidLineError(`line ${number} is not SHA1:COUNT`);
    if (Number(seen) >= atLeast) yield hash;
  }
}
