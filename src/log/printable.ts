/** Makes untrusted text safe to print to a terminal. */

/**
 * Escapes control characters, which could move the cursor or set the title, and bidirectional formatting characters,
 * which could reverse the text.
 */
export function printable(text: string): string {
  return text.replace(
    /[\p{C}\u2028\u2029]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
