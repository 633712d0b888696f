/** Hashes passwords with argon2id, and also verifies scrypt hashes made by BetterAuth and imported hashes. */
import { hash, verify } from '@node-rs/argon2';
import { createConcurrencyLimit, hashesAtOnce } from '../concurrency-limit.js';
import { traceWork } from '../traced-work.js';

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

/** One per process, like the thread pool. request-admission.ts limits the queue. */
const hashing = createConcurrencyLimit({ concurrency: hashesAtOnce, runsOnOtherThread: true });

/** ASVS 6.2.9 requires at least 64; an upper limit bounds the cost of hashing. */
export const maximumPasswordLength = 128;

/** Hashes with a random 128-bit salt; takes 10 ms and 19 MiB on a small server. */
export async function hashPassword(
  password: string,
  cost: PasswordCost = minimumPasswordCost,
): Promise<string> {
  return traceWork('hash password', {}, () => hashing.run(() => hash(normalized(password), cost)));
}

/**
 * Whether the password matches the hash: argon2, BetterAuth's scrypt, or a form of imported-hash.ts.
 * @throws Error if the hash has another form
 */
export async function verifyPassword(stored: string, password: string): Promise<boolean> {
  const check = async () => {
    if (stored.startsWith('$argon2')) return verifyArgon2(stored, password);
    if (!stored.startsWith('$')) return verifyScrypt(stored, password);
    const { verifyImportedHash } = await import('./verify-imported-hash.js');
    return verifyImportedHash(stored, password);
  };
  return traceWork('verify password', {}, () => hashing.run(check));
}

/** Loaded when needed: commands load this file, and BetterAuth's cryptography would add a fifth to what they load. */
async function verifyScrypt(stored: string, password: string): Promise<boolean> {
  const { verifyPassword: verify } = await import('better-auth/crypto');
  return verify({ hash: stored, password });
}

/**
 * Other systems hash a password as it was typed. Hashes of this service are tried once: a second try would take longer
 * than the response for an unknown address.
 */
async function verifyArgon2(stored: string, password: string): Promise<boolean> {
  if (await verify(stored, normalized(password))) return true;
  return normalized(password) !== password && isOutdatedHash(stored) && verify(stored, password);
}

/** Whether the hash should be renewed at the next sign-in: another algorithm, or other parameters. */
export function isOutdatedHash(stored: string, cost: PasswordCost = minimumPasswordCost): boolean {
  const { memoryCost, timeCost, parallelism } = cost;
  return !stored.startsWith(`$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`);
}

/**
 * Whether the hash verified the whole password. bcrypt reads 72 bytes: what follows was not checked, so that a new hash
 * could contain a typing error.
 */
export function hasVerifiedAll(stored: string, password: string): boolean {
  return !stored.startsWith('$2') || Buffer.byteLength(password) <= 72;
}

/** The same password may be encoded differently by different keyboards (NIST SP 800-63B 5.1.1.2); BetterAuth does the same. */
function normalized(password: string): string {
  return password.normalize('NFKC');
}
