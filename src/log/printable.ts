/** What a visitor sent, made fit for a terminal. */

/**
 * Control characters would move the cursor or set the title, and characters of direction would turn the text around:
 * they are shown by their code point.
 */
export function printable(text: string): string {
  return text.replace(
    /[\p{C}\u2028\u2029]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
