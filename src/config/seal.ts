/**
 * Encrypts what is stored or sent for this service only, such as mails in the outbox and the state of a redirect.
 * AES-256-GCM with a key derived from each secret, so that a rotated secret still decrypts as long as it is listed.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyRing } from './secrets.js';

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

export interface Seal {
  /** @param id of the row or flow: the text decrypts in no other one */
  encrypt(text: string, id: string): string;
  /** @returns undefined if no secret decrypts it */
  decrypt(sealed: string, id: string): string | undefined;
}

/** @param purpose separates the keys of different uses */
export function createSeal({ current, previous }: KeyRing, purpose: string): Seal {
  const [key, ...older] = [current, ...previous].map(({ value }) =>
    Buffer.from(hkdfSync('sha256', value, '', purpose, 32)),
  ) as [Buffer, ...Buffer[]];
  return {
    encrypt(text, id) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(id));
      const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString('base64url');
    },
    decrypt(sealed, id) {
      for (const candidate of [key, ...older]) {
        const text = open(sealed, id, candidate);
        if (text !== undefined) return text;
      }
      return undefined;
    },
  };
}

function open(sealed: string, id: string, key: Buffer): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  try {
    const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivBytes), {
      authTagLength: tagBytes, // otherwise a truncated tag would be accepted
    });
    decipher.setAAD(Buffer.from(id)).setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    const text = decipher.update(bytes.subarray(ivBytes + tagBytes));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return undefined; // another key, or not a sealed text
  }
}
