/** Verifies passwords against hashes of other systems. Loaded with the first one: most services have none. */
import { createCipheriv, pbkdf2, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { parseImportedHash, type ImportedHash, type ScryptCost } from './imported-hash.js';

const derivePbkdf2 = promisify(pbkdf2);

/**
 * The password is used as it was typed: these systems do not normalize it.
 * @throws Error if the format is unknown, or verifying would cost too much
 */
export async function verifyImportedHash(stored: string, password: string): Promise<boolean> {
  const parsed = parseImportedHash(stored);
  if (typeof parsed === 'string') throw new Error(`a stored password hash: ${parsed}`);
  switch (parsed.kind) {
    case 'bcrypt': {
      const { verify } = await import('@node-rs/bcrypt');
      return verify(password, stored);
    }
    case 'pbkdf2': {
      const { digest, iterations, salt, key } = parsed;
      return timingSafeEqual(
        await derivePbkdf2(password, salt, iterations, key.length, digest),
        key,
      );
    }
    case 'scrypt': {
      const { cost, salt, key } = parsed;
      return timingSafeEqual(await deriveScrypt(password, salt, key.length, cost), key);
    }
    case 'firebase':
      return verifyFirebase(parsed, password);
    case 'argon2':
    case 'better-auth':
      throw new Error('password.ts verifies these');
  }
}

/** https://github.com/firebase/scrypt: the derived key encrypts the project's signer key. */
async function verifyFirebase(
  { cost, salt, signerKey, key }: ImportedHash & { kind: 'firebase' },
  password: string,
): Promise<boolean> {
  const derived = await deriveScrypt(password, salt, 32, cost);
  const cipher = createCipheriv('aes-256-ctr', derived, Buffer.alloc(16));
  return timingSafeEqual(cipher.update(signerKey), key);
}

function deriveScrypt(
  password: string,
  salt: Buffer,
  length: number,
  cost: ScryptCost,
): Promise<Buffer> {
  // Node's default limit is 32 MiB; imported-hash.ts has the one that counts.
  const options = { ...cost, maxmem: 256 * cost.N * cost.r };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
