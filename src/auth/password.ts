/** Hashes passwords with argon2id, and still verifies the scrypt hashes that BetterAuth made before. */
import { hash, verify } from '@node-rs/argon2';
import { verifyPassword as verifyScrypt } from 'better-auth/crypto';
import { createConcurrencyLimit, hashesAtOnce } from '../concurrency-limit.js';

export interface PasswordCost {
  /** In KiB. */
  readonly memoryCost: number;
  /** Passes over the memory. */
  readonly timeCost: number;
  readonly parallelism: number;
}

/** OWASP's minimum for argon2id (Password Storage Cheat Sheet; ASVS 5.0 appendix V11): 19 MiB, 2 passes, 1 lane. */
export const minimumPasswordCost: PasswordCost = {
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};

/** ASVS 6.2.1. */
export const minimumPasswordLength = 8;

/** One for the process, as its threads are. How many may wait is bounded before, in password-admission.ts. */
const hashing = createConcurrencyLimit({ concurrency: hashesAtOnce });

/** ASVS 6.2.9 asks for 64 at least; a bound keeps hashing affordable. */
export const maximumPasswordLength = 128;

/** Hashes with a random salt of 128 bits; 10 ms and 19 MiB on a small server. */
export async function hashPassword(
  password: string,
  cost: PasswordCost = minimumPasswordCost,
): Promise<string> {
  return hashing.run(() => hash(normalized(password), cost));
}

/** Whether this is the password behind the hash, of either kind. */
export async function verifyPassword(stored: string, password: string): Promise<boolean> {
  return hashing.run(() =>
    stored.startsWith('$argon2')
      ? verify(stored, normalized(password))
      : verifyScrypt({ hash: stored, password }),
  );
}

/** Whether the hash should be renewed at the next sign-in: another algorithm, or other parameters. */
export function isOutdatedHash(stored: string, cost: PasswordCost = minimumPasswordCost): boolean {
  const { memoryCost, timeCost, parallelism } = cost;
  return !stored.startsWith(`$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`);
}

/** One password typed on two keyboards is one password (NIST SP 800-63B 5.1.1.2); BetterAuth does the same. */
function normalized(password: string): string {
  return password.normalize('NFKC');
}
