/** Strips what dashboards and shells add around a value: white space, a newline, quotes. */

/** White space, zero-width characters, and the two characters `\n` that `vercel env pull` writes for a newline. */
const blank = String.raw`(?:[\s\u200B-\u200D\u2060\uFEFF]|\\r|\\n)`;
const blanksAround = new RegExp(`^${blank}+|${blank}+$`, 'g');
/** One pair around the whole value: no valid value begins or ends with a quote. */
const quotesAround = /^(?:"([^"]*)"|'([^']*)'|`([^`]*)`|“([^“”]*)”|‘([^‘’]*)’)$/s;

/** Without leading and trailing white space. */
export function withoutBlanks(value: string): string {
  return value.replace(blanksAround, '');
}

/** Without one pair of surrounding quotes. */
export function withoutQuotes(value: string): string {
  const groups: (string | undefined)[] = quotesAround.exec(value)?.slice(1) ?? [];
  return groups.find((inside) => inside !== undefined) ?? value;
}
