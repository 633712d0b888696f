/** Undoes percent-encoding however often it was applied, in a time that grows with the length alone. */

/** Each of them makes an encoded text shorter; `%25` repeated is undone at once, so that nobody needs more. */
const maxPasses = 10;

/**
 * The text without any percent-encoding left. Bytes beyond ASCII stay encoded: no secret needs them.
 * @returns undefined where it is encoded in more ways than anybody would by mistake
 */
export function decodeFully(text: string): string | undefined {
  let decoded = text;
  for (let pass = 1; pass <= maxPasses; pass += 1) {
    const once = decoded
      .replace(/%(?:25)+/g, '%')
      .replace(/%[2-7][0-9a-f]/gi, (code) => String.fromCharCode(parseInt(code.slice(1), 16)));
    if (once === decoded) return decoded;
    decoded = once;
  }
  return undefined;
}
