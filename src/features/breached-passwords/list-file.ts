/**
 * The file of `PWNED_LIST`: a Bloom filter over the SHA-1 of breached passwords. All bits of a password are in one block
 * of 64 bytes, so that a lookup reads the disk once and the file need not fit into memory. A password of the list is always
 * found; of other passwords, about one in a thousand is taken for one of the list.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

export const blockBytes = 64;
export const headerBytes = 64;
const magic = 'auth-service pwned list 1\n';

/** About one false positive in a thousand, with 7 bits per password. */
const passwordsPerBlock = 32;

/** The file has another format, or is incomplete. */
export class InvalidListError extends Error {
  override readonly name = 'InvalidListError';
}

/** @param count how many passwords the list will have. @returns the number of blocks for them */
export function blocksFor(count: number): number {
  return Math.max(1, Math.ceil(count / passwordsPerBlock));
}

export function createHeader(blocks: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write(magic);
  header.writeUIntLE(blocks, magic.length, 6);
  return header;
}

/** The block of a password, and its bits in it. SHA-1 is uniform, so its bytes serve as the hash functions. */
export function positionsOf(sha1: Buffer, blocks: number) {
  const bits = [6, 8, 10, 12, 14, 16, 18].map((offset) => sha1.readUInt16BE(offset) % 512);
  return { block: sha1.readUIntBE(0, 6) % blocks, bits };
}

export function setBits(block: Uint8Array, bits: readonly number[]): void {
  for (const bit of bits) block[bit >> 3] = (block[bit >> 3] ?? 0) | (1 << (bit & 7));
}

export function hasBits(block: Uint8Array, bits: readonly number[]): boolean {
  return bits.every((bit) => ((block[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0);
}

/** @param size of the file, in bytes. @throws InvalidListError */
export function blockCountOf(header: Buffer, size: number): number {
  const blocks = header.readUIntLE(magic.length, 6);
  const isComplete = size === headerBytes + blocks * blockBytes;
  if (header.toString('latin1', 0, magic.length) !== magic || blocks === 0 || !isComplete) {
    throw new InvalidListError('is not a complete list of npm run pwned-list');
  }
  return blocks;
}

/** @throws InvalidListError, errors of the file system */
export function checkList(path: string): void {
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(headerBytes);
    readSync(file, header, 0, headerBytes, 0);
    blockCountOf(header, fstatSync(file).size);
  } finally {
    closeSync(file);
  }
}
