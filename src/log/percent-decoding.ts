/** Decodes repeated percent-encoding in linear time. */

/** Repeated `%25` is decoded in one pass, so that ordinary text never needs more. */
const maxPasses = 10;

/**
 * Decodes until no percent-encoding is left. Non-ASCII bytes stay encoded: no secret contains them.
 * @returns undefined if the text is encoded more often than could happen by mistake
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
