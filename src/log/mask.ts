/** Takes e-mail addresses, session tokens and signatures out of texts that others wrote. */

const email = /[^\s@"'<>()[\]{},;:=]+@[^\s@"'<>()[\]{},;:=]+/g;
/** BetterAuth's tokens and ids are 32 letters and digits, its signatures 44 characters of base64. */
const longToken = /[A-Za-z0-9]{32,}/g;
const signature = /[A-Za-z0-9+/]{43}=/g;

/** Masks what must not reach a log. For texts of libraries; our own log lines never hold such values. */
export function maskText(text: string): string {
  return text
    .replace(email, '[email]')
    .replace(signature, '[signature]')
    .replace(longToken, '[token]');
}

/** Keeps a value's shape for cookie debugging: every letter becomes `a`, every digit `0`. */
export function maskShape(value: string): string {
  return value.replace(/\p{L}/gu, 'a').replace(/\p{N}/gu, '0');
}
