/**
 * Asks Have I Been Pwned by k-anonymity: only the first five digits of the SHA-1 leave this machine, and the padded
 * response does not reveal by its length which range it is (https://haveibeenpwned.com/API/v3#PwnedPasswords).
 */
import { LookupFailure } from './lookup-failure.js';

const deadlineMs = 1_000;

/** A padded range has about 40 kB. */
const maxResponseBytes = 512_000;

/** @param rangeUrl with a slash at its end */
export function findInRange(rangeUrl: string) {
  return async function isInRange(sha1: Buffer): Promise<boolean> {
    const hash = sha1.toString('hex').toUpperCase();
    const text = await readRange(`${rangeUrl}${hash.slice(0, 5)}`);
    const suffix = hash.slice(5);
    return text.split(/\r?\n/).some((line) => {
      if (line === '') return false;
      const [, found, seen] = /^([0-9A-F]{35}):(\d+)$/i.exec(line) ?? [];
      if (found === undefined) throw new LookupFailure('malformed');
      return found.toUpperCase() === suffix && Number(seen) > 0; // padding was seen 0 times
    });
  };
}

async function readRange(url: string): Promise<string> {
  const signal = AbortSignal.timeout(deadlineMs); // until the whole body has arrived
  try {
    const headers = { 'add-padding': 'true', 'user-agent': 'auth-service' };
    const response = await fetch(url, { headers, signal, redirect: 'manual' });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new LookupFailure('status');
    }
    return await readText(response);
  } catch (cause) {
    if (cause instanceof LookupFailure) throw cause;
    throw new LookupFailure(signal.aborted ? 'timeout' : 'unreachable', { cause });
  }
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk as Uint8Array);
    length += (chunk as Uint8Array).length;
    if (length > maxResponseBytes) throw new LookupFailure('malformed'); // cancels the rest
  }
  return Buffer.concat(chunks).toString('latin1');
}
