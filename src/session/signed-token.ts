/**
 * BetterAuth 1.7.25's signed session token: `token + '.' + base64(HMAC-SHA256(secret, token))`.
 * Verifies without I/O, in constant time for a given length, against every secret of the key ring.
 */
import { createHmac, hash, timingSafeEqual } from 'node:crypto';

/** A signing secret; lists have the newest first. */
export interface SigningSecret {
  readonly version: number;
  readonly value: string;
}

export interface VerifiedToken {
  readonly token: string;
  /** The secret that signed it. */
  readonly secretVersion: number;
  /** Whether that is the current secret rather than an older one. */
  readonly isCurrent: boolean;
}

/** 43 characters of base64 and one `=`: 32 bytes. */
const signatureShape = /^[A-Za-z0-9+/]{43}=$/;

/** The parts of a signed token, or undefined if the format is wrong. */
export function splitSignedToken(value: string): { token: string; signature: string } | undefined {
  const dot = value.lastIndexOf('.');
  if (dot < 1) return undefined;
  const signature = value.slice(dot + 1);
  return signatureShape.test(signature) ? { token: value.slice(0, dot), signature } : undefined;
}

/** The token if one of the secrets, newest first, signed the value; undefined otherwise. */
export function verifySignedToken(
  value: string,
  secrets: readonly SigningSecret[],
): VerifiedToken | undefined {
  const parts = splitSignedToken(value);
  if (parts === undefined) return undefined;
  const presented = Buffer.from(parts.signature, 'base64');
  for (const [index, secret] of secrets.entries()) {
    const expected = createHmac('sha256', secret.value).update(parts.token).digest();
    // Constant time: a comparison that stops early would reveal how many bytes were right.
    if (timingSafeEqual(presented, expected)) {
      return { token: parts.token, secretVersion: secret.version, isCurrent: index === 0 };
    }
  }
  return undefined;
}

/**
 * Whether BetterAuth 1.7.25's bearer plugin accepts the value as signed with the current secret: it reads the first two
 * dot-separated parts, and base64 of either alphabet up to the first `=`. It then replaces the session cookie with the
 * value, which may not verify there.
 */
export function isAcceptedByBearerPlugin(
  value: string,
  [secret]: readonly SigningSecret[],
): boolean {
  const [token = '', signature = ''] = value.split('.');
  const [digits = ''] = signature.split('=');
  const alphabet = /[-_]/.test(signature) ? /^[A-Za-z0-9_-]{43}$/ : /^[A-Za-z0-9+/]{43}$/;
  if (secret === undefined || !alphabet.test(digits)) return false;
  const presented = Buffer.from(digits, 'base64');
  return timingSafeEqual(presented, createHmac('sha256', secret.value).update(token).digest());
}

/** Signs as BetterAuth does; percent-encoded, this is the cookie's value. */
export function signToken(token: string, secret: SigningSecret): string {
  return `${token}.${createHmac('sha256', secret.value).update(token).digest('base64')}`;
}

/** First 8 hex digits of the token's SHA-256: correlates this service's log with the API's; not a credential. */
export function tokenFingerprint(token: string): string {
  return hash('sha256', token, 'hex').slice(0, 8);
}
