/** Whether a password is known from a breach: asked of Have I Been Pwned, or looked up in a file. */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { BreachedPasswordsSettings } from './feature.js';
import { blockBytes, blockCountOf, hasBits, headerBytes, positionsOf } from './list-file.js';
import { findInRange } from './range-api.js';
import { LookupFailure } from './lookup-failure.js';

/** @throws LookupFailure */
export type IsBreached = (password: string) => Promise<boolean>;

export function createLookup({ list, rangeUrl }: BreachedPasswordsSettings): IsBreached {
  const find = list === undefined ? findInRange(rangeUrl) : findInList(list);
  return (password) => find(createHash('sha1').update(password).digest());
}

/** Opens the file for each lookup, so that it can be replaced at any time. */
function findInList(path: string) {
  return async function isInList(sha1: Buffer): Promise<boolean> {
    const content = Buffer.alloc(headerBytes + blockBytes);
    const [header, block] = [content.subarray(0, headerBytes), content.subarray(headerBytes)];
    let file: FileHandle | undefined;
    try {
      file = await open(path);
      await file.read(header, 0, headerBytes, 0);
      const positions = positionsOf(sha1, blockCountOf(header, (await file.stat()).size));
      const start = headerBytes + positions.block * blockBytes;
      await file.read(block, 0, blockBytes, start);
      return hasBits(block, positions.bits);
    } catch (cause) {
      throw new LookupFailure('list_unreadable', { cause });
    } finally {
      await file?.close();
    }
  };
}
