/** What somebody else's server said, made fit to be printed: short, one line, and without what may be a credential. */
import { maskText } from '../log/mask.js';

const longest = 160;

/** @param text a header's value or a message of whoever answered */
export function quoted(text: string): string {
  // Control characters would let a server write into the terminal of whoever examines it.
  const line = text.replace(/\p{C}+/gu, ' ').trim();
  return maskText(line.slice(0, 2 * longest)).slice(0, longest);
}
