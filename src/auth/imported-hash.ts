/**
 * Password hashes of other systems, in the forms in which an import stores them. A form says all that verifying needs.
 * Limits the cost, because the hash decides how long a sign-in occupies a thread and how much memory it takes.
 */

/** Base64 with or without padding. */
const base64 = '([A-Za-z0-9+/]+={0,2})';

const bcryptForm = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;
const argon2Form =
  /^\$argon2(?:id|i)\$v=19\$m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,9})\$[A-Za-z0-9+/]{11,}\$([A-Za-z0-9+/]{22,})$/;
/** `i` is the number of iterations. */
const pbkdf2Form = new RegExp(
  `^\\$pbkdf2-(sha1|sha256|sha512)\\$i=(\\d{1,9})\\$${base64}\\$${base64}$`,
);
/** `ln` is the logarithm of N (RFC 7914). */
const scryptForm = new RegExp(
  `^\\$scrypt\\$ln=(\\d{1,2}),r=(\\d{1,4}),p=(\\d{1,4})\\$${base64}\\$${base64}$`,
);
/** As Supabase stores hashes of Firebase: `n` is Firebase's memory cost, `r` its rounds, then separator and signer key. */
const firebaseForm = new RegExp(
  `^\\$fbscrypt\\$v=1,n=(\\d{1,2}),r=(\\d{1,4}),p=(\\d{1,4})(?:,ss=${base64})?,sk=${base64}\\$${base64}\\$${base64}$`,
);
/** BetterAuth's own form of scrypt, with fixed parameters. */
const betterAuthForm = /^[0-9a-f]{32}:[0-9a-f]{128}$/;

/** Any password would match an empty key, and many would match a short one. */
const minimumKeyBytes = 16;

/** By digest of PBKDF2; 64 of SHA-512. */
const digestBytes: Readonly<Record<string, number>> = { sha1: 20, sha256: 32 };

/** What one verification may cost: a second of one processor, 128 MiB. */
const maximumCost = {
  /** Of bcrypt: each step doubles the time. */
  bcryptCost: 14,
  /** Of PBKDF2: iterations, times the blocks of the key. */
  pbkdf2Rounds: 2_000_000,
  memoryBytes: 128 * 1024 * 1024,
  /** Of scrypt and argon2: memory, times the passes over it. */
  memoryPasses: 1024 * 1024 * 1024,
};

export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

export type ImportedHash =
  | { readonly kind: 'bcrypt' | 'argon2' | 'better-auth' }
  | {
      readonly kind: 'pbkdf2';
      readonly digest: string;
      readonly iterations: number;
      readonly salt: Buffer;
      readonly key: Buffer;
    }
  | {
      readonly kind: 'scrypt';
      readonly cost: ScryptCost;
      readonly salt: Buffer;
      readonly key: Buffer;
    }
  | {
      readonly kind: 'firebase';
      readonly cost: ScryptCost;
      /** The user's salt, then the project's separator. */
      readonly salt: Buffer;
      readonly signerKey: Buffer;
      /** The signer key, encrypted with the key that is derived from the password. */
      readonly key: Buffer;
    };

/** Why a hash cannot be verified here. */
export type HashFault = 'hash_unknown' | 'hash_too_costly';

export function parseImportedHash(stored: string): ImportedHash | HashFault {
  if (betterAuthForm.test(stored)) return { kind: 'better-auth' };
  return (
    parseBcrypt(stored) ??
    parseArgon2(stored) ??
    parsePbkdf2(stored) ??
    parseScrypt(stored) ??
    parseFirebase(stored) ??
    'hash_unknown'
  );
}

type Parsed = ImportedHash | HashFault | undefined;

function parseBcrypt(stored: string): Parsed {
  const [, cost] = bcryptForm.exec(stored) ?? [];
  if (cost === undefined || Number(cost) < 4) return undefined;
  return Number(cost) > maximumCost.bcryptCost ? 'hash_too_costly' : { kind: 'bcrypt' };
}

function parseArgon2(stored: string): Parsed {
  const parts = argon2Form.exec(stored);
  if (parts === null) return undefined;
  const [memoryKib = 0, passes = 0, lanes = 0] = parts.slice(1, 4).map(Number);
  if (passes < 1 || lanes < 1 || memoryKib < 8 * lanes) return undefined;
  return isTooLarge(memoryKib * 1024, passes) ? 'hash_too_costly' : { kind: 'argon2' };
}

function parsePbkdf2(stored: string): Parsed {
  const [, digest = '', count, salt, key] = pbkdf2Form.exec(stored) ?? [];
  const bytes = decode(key);
  const iterations = Number(count);
  if (bytes.length < minimumKeyBytes || iterations < 1) return undefined;
  const blocks = Math.ceil(bytes.length / (digestBytes[digest] ?? 64));
  if (iterations * blocks > maximumCost.pbkdf2Rounds) return 'hash_too_costly';
  return { kind: 'pbkdf2', digest, iterations, salt: decode(salt), key: bytes };
}

function parseScrypt(stored: string): Parsed {
  const parts = scryptForm.exec(stored);
  const key = decode(parts?.[5]);
  if (parts === null || key.length < minimumKeyBytes) return undefined;
  const cost = scryptCost(parts.slice(1, 4));
  return typeof cost === 'object' ? { kind: 'scrypt', cost, salt: decode(parts[4]), key } : cost;
}

function parseFirebase(stored: string): Parsed {
  const parts = firebaseForm.exec(stored);
  if (parts === null) return undefined;
  const [separator, signerKey, salt, key] = parts.slice(4).map(decode) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  if (key.length < minimumKeyBytes || key.length !== signerKey.length) return undefined;
  const cost = scryptCost(parts.slice(1, 4));
  if (typeof cost !== 'object') return cost;
  return { kind: 'firebase', cost, salt: Buffer.concat([salt, separator]), signerKey, key };
}

/** @param parts the logarithm of N, r and p */
function scryptCost(parts: readonly string[]): ScryptCost | HashFault | undefined {
  const [logarithm = 0, r = 0, p = 0] = parts.map(Number);
  if (logarithm < 1 || r < 1 || p < 1) return undefined;
  const N = 2 ** logarithm;
  return isTooLarge(128 * N * r, p) ? 'hash_too_costly' : { N, r, p };
}

function isTooLarge(memoryBytes: number, passes: number): boolean {
  return memoryBytes > maximumCost.memoryBytes || memoryBytes * passes > maximumCost.memoryPasses;
}

function decode(text: string | undefined): Buffer {
  return Buffer.from(text ?? '', 'base64');
}
