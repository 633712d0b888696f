/** Takes e-mail addresses, session tokens and signatures out of texts that others wrote. */

/**
 * Percent-encoded in a path. The local part may hold a quote (O'Brien), and is bounded because an endless one makes
 * the search quadratic.
 */
const email = /[^\s@"<>()[\]{},;:=/]{1,256}(?:@|%40)[^\s@"'<>()[\]{},;:=/]+/g;
/** BetterAuth's session tokens and ids are 32 letters and digits, its reset tokens 24; a cookie adds the signature. */
const longToken = /[A-Za-z0-9]{24,}(?:\.[A-Za-z0-9+/%=]{20,})?/g;
/** 44 characters of base64. */
const signature = /(?:[A-Za-z0-9+/]|%2[BF]){43}(?:=|%3D)/gi;
/** BetterAuth repeats a refused callback URL whole, and a query may hold anything. */
const query = /\?[^\s"'<>]+/g;

/** Masks what must not reach a log. For messages of libraries and for what a caller sent, a path for instance. */
export function maskText(text: string): string {
  return text
    .replace(query, '?[query]')
    .replace(email, '[email]')
    .replace(signature, '[signature]')
    .replace(longToken, '[token]');
}

/** Keeps a value's shape for cookie debugging: every letter becomes `a`, every digit `0`. */
export function maskShape(value: string): string {
  return value.replace(/\p{L}/gu, 'a').replace(/\p{N}/gu, '0');
}
