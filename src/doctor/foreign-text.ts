/** What somebody else's server said, made fit to be printed: bounded, one line, and nothing that steers a terminal. */
import { maskText } from '../log/mask.js';

const longest = 160;

/** A few statements; what is longer is no advice. */
const longestAdvice = 10_000;

const tooLong =
  'what is to be done is too long to be shown: the line "startup" of its log tells it';

/** Short, and without what may be a credential. @param text a header's value or a message of whoever answered */
export function quoted(text: string): string {
  return maskText(oneLine(text)).slice(0, longest);
}

/**
 * Whole and unmasked: SQL that is cut or altered must not be run. What was kept as a secret is still taken out of it.
 * @param text told by a deployment to the holder of its token, and by nobody else
 */
export function advice(text: string): string {
  const line = oneLine(text);
  return line.length > longestAdvice ? tooLong : line;
}

/** Control characters would let a server write into the terminal of whoever examines it. */
function oneLine(text: string): string {
  return text.replace(/\p{C}+/gu, ' ').trim();
}
