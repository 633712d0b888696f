/** Makes text from a server that may be hostile safe to print: one line, bounded, and free of control characters. */
import { maskText } from './service.js';

const maximumLength = 160;

/** Long enough for a few SQL statements; anything longer is not a usable instruction. */
const maximumFixLength = 10_000;

const fixTooLong = 'the fix is too long to print: see the "startup" line in the service\'s log';

/** Short, and with anything that looks like a credential masked. @param text a header value or an error message */
export function sanitizeForTerminal(text: string): string {
  return maskText(singleLine(text)).slice(0, maximumLength);
}

/**
 * Complete and unmasked, because truncated or altered SQL must not be run. Registered secrets are still redacted.
 * @param text from a deployment's /diagnostics, which only the holder of its token can read
 */
export function sanitizeFix(text: string): string {
  const line = singleLine(text);
  return line.length > maximumFixLength ? fixTooLong : line;
}

/** Control characters would let a server write to the operator's terminal. */
function singleLine(text: string): string {
  return text.replace(/\p{C}+/gu, ' ').trim();
}
