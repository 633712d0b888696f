/**
 * Takes e-mail addresses, session tokens and signatures out of texts that others wrote. Each expression takes a run of
 * characters at a time and never goes back over it, so that the time grows with the length alone, whatever the text.
 */
import { decodeFully } from './percent-decoding.js';

/** The most that is looked at of a text, in characters: what is longer is cut before it is masked. */
const maxTextLength = 2_000;

/** What may be a secret whose end was cut off goes with it: an address of 254 characters, each percent-encoded. */
const maxSecretLength = 800;

/** Between two of them stands one word of a text, an address for instance. A quote may be part of one (O'Brien). */
const word = /[^\s"<>()[\]{},;:=/]+/g;
/** An `@` with something on both sides; packages such as `@node-rs/argon2` are none. */
const addressInside = /[^@]@+[^@]/;
/** A JSON Web Token, or the beginning of one: `{"` in base64url and what follows. */
const jsonWebToken = /\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*/g;
/** 44 characters of base64, the last of which is `=`. */
const base64 = /[A-Za-z0-9+/]+=?/g;
/** Letters and digits, in base64url with two characters more; what follows the dot of a cookie is a signature. */
const credential = /[A-Za-z0-9_+-]+(?:\.(?=[A-Za-z0-9+/%=_-]{20})[A-Za-z0-9+/%=_-]+)?/g;
const letters = /[A-Za-z0-9]+/g;
/** BetterAuth repeats a refused callback URL whole, and a query may hold anything. */
const query = /\?[^\s"'<>]+/g;

/**
 * Masks what must not reach a log. For messages of libraries and for what a caller sent, a path for instance.
 * Percent-encoded however often, a secret is found as well: then the decoded text is shown.
 * @param text of any length; what is shown of it has 2,000 characters at most, and no secret's beginning at its end
 */
export function maskText(text: string): string {
  const cut = cutText(text);
  const decoded = decodeFully(cut);
  if (decoded === undefined) return '[encoded]';
  const masked = maskDecoded(decoded);
  // Nothing was hidden in the encoding: the text is shown as it came.
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

/** Before the masks, of which none is free; a cut after them would be too late, one without care would break them. */
function cutText(text: string): string {
  if (text.length <= maxTextLength) return text;
  const earliest = maxTextLength - maxSecretLength;
  let end = maxTextLength;
  while (end > earliest && !/[\s"<>(),;?&]/.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function maskAddress(found: string): string {
  if (!addressInside.test(found)) return found;
  // Quotes around an address are none of it.
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

/** What an operator needs (host names, UUIDs, words with hyphens) has no capitals, or no digits. */
function isMixed(text: string): boolean {
  return text.length >= 32 && /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text);
}

/** Keeps a value's shape for cookie debugging: every letter becomes `a`, every digit `0`. */
export function maskShape(value: string): string {
  return value.replace(/\p{L}/gu, 'a').replace(/\p{N}/gu, '0');
}
