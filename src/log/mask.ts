/**
 * Masks e-mail addresses, session tokens and signatures in untrusted text. Each expression consumes runs of characters
 * without backtracking, so that the time is linear in the length for any input.
 */
import { decodeFully } from './percent-decoding.js';

/** In characters; longer text is truncated before masking. */
const maxTextLength = 2_000;

/** A truncated secret at the end is removed too; the longest is an address of 254 percent-encoded characters. */
const maxSecretLength = 800;

/** One word between delimiters, for instance an address. A quote may be part of it (O'Brien). */
const word = /[^\s"<>()[\]{},;:=/]+/g;
/** An `@` with a character on both sides; does not match packages such as `@node-rs/argon2`. */
const addressInside = /[^@]@+[^@]/;
/** A complete or truncated JSON Web Token: `{"` in base64url and what follows. */
const jsonWebToken = /\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*/g;
/** Base64; a signature has 44 characters and ends with `=`. */
const base64 = /[A-Za-z0-9+/]+=?/g;
/** Base64url characters, and the signature after the dot of a cookie. */
const credential = /[A-Za-z0-9_+-]+(?:\.(?=[A-Za-z0-9+/%=_-]{20})[A-Za-z0-9+/%=_-]+)?/g;
const letters = /[A-Za-z0-9]+/g;
/** BetterAuth repeats a refused callback URL in full, and a query may contain anything. */
const query = /\?[^\s"'<>]+/g;

/** In characters. */
const maxPlainLength = 64;
/**
 * Words of fewer than 24 letters between slashes, dots, hyphens and underscores, as in a path or a cookie's name: none of
 * the above matches a secret in it, and each request logs such texts.
 */
const plainText = /^(?!.*(?:eyJ|[A-Za-z]{24}))[A-Za-z/._-]*$/;

/**
 * Masks secrets in library messages and in text from callers, such as a path. Also finds percent-encoded secrets, at
 * any depth of encoding; the decoded text is returned then.
 * @param text of any length; the result has at most 2,000 characters and does not end with the start of a secret
 */
export function maskText(text: string): string {
  if (text.length <= maxPlainLength && plainText.test(text)) return text;
  const cut = cutText(text);
  const decoded = decodeFully(cut);
  if (decoded === undefined) return '[encoded]';
  const masked = maskDecoded(decoded);
  // The encoding hid nothing: keep the original text.
  return (masked === decoded ? maskDecoded(cut) : masked).slice(0, maxTextLength);
}

function maskDecoded(text: string): string {
  return text
    .replace(query, '?[query]')
    .replace(word, maskAddress)
    .replace(jsonWebToken, '[token]')
    .replace(base64, maskSignature)
    .replace(credential, maskCredential);
}

/** Truncates before masking, to limit its cost, and at a delimiter, so that no secret is split and missed. */
function cutText(text: string): string {
  if (text.length <= maxTextLength) return text;
  const earliest = maxTextLength - maxSecretLength;
  let end = maxTextLength;
  while (end > earliest && !/[\s"<>(),;?&]/.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function maskAddress(found: string): string {
  if (!addressInside.test(found)) return found;
  // Quotes around an address are not part of it.
  return `${found.startsWith("'") ? "'" : ''}[email]${found.endsWith("'") ? "'" : ''}`;
}

function maskSignature(found: string): string {
  const isOne = found.endsWith('=') && found.length >= 44;
  return isOne ? `${found.slice(0, -44)}[signature]` : found;
}

function maskCredential(found: string): string {
  const dot = found.indexOf('.');
  const head = dot === -1 ? found : found.slice(0, dot);
  const masked = isMixed(head) ? '[token]' : head.replace(letters, maskToken);
  if (dot === -1 || masked.endsWith('[token]')) return masked;
  return `${masked}.${found.slice(dot + 1).replace(credential, maskCredential)}`;
}

/** BetterAuth's session tokens and ids are 32 letters and digits, its reset tokens 24. */
function maskToken(found: string): string {
  return found.length >= 24 ? '[token]' : found;
}

/** Text that operators need (host names, UUIDs, hyphenated words) has no capitals or no digits. */
function isMixed(text: string): boolean {
  return text.length >= 32 && /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text);
}

/** Keeps only a value's shape, for cookie debugging: every letter becomes `a`, every digit `0`. */
export function maskShape(value: string): string {
  return value.replace(/\p{L}/gu, 'a').replace(/\p{N}/gu, '0');
}
