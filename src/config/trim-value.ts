/** What dashboards and shells add around a value: blanks, a newline, quotes. */

/** White space, what has no width, and the two characters `\n` that `vercel env pull` writes for a newline. */
const blank = String.raw`(?:[\s\u200B-\u200D\u2060\uFEFF]|\\r|\\n)`;
const blanksAround = new RegExp(`^${blank}+|${blank}+$`, 'g');
/** One pair around the whole: no value of this service begins or ends with a quote. */
const quotesAround = /^(?:"([^"]*)"|'([^']*)'|`([^`]*)`|“([^“”]*)”|‘([^‘’]*)’)$/s;

/** Without blanks and newlines at its ends. */
export function withoutBlanks(value: string): string {
  return value.replace(blanksAround, '');
}

/** Without one pair of quotes around the whole. */
export function withoutQuotes(value: string): string {
  const groups: (string | undefined)[] = quotesAround.exec(value)?.slice(1) ?? [];
  return groups.find((inside) => inside !== undefined) ?? value;
}
