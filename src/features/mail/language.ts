/** Chooses the language of a mail. */

/** Of an Accept-Language header; browsers send a few dozen characters. */
const maxLength = 200;

/**
 * @param preferred an Accept-Language header (RFC 9110 12.5.4) or one language tag
 * @param available lower-case tags; the first is the default
 */
export function chooseLanguage(
  preferred: string | undefined,
  available: readonly string[],
): string {
  const [standard = 'en'] = available;
  const ranges = (preferred ?? '')
    .slice(0, maxLength)
    .split(',')
    .map((entry, index) => {
      const [tag = '', ...parameters] = entry
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return { tag, index, weight: weight === undefined ? 1 : Number(weight) || 0 };
    })
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .sort((a, b) => b.weight - a.weight || a.index - b.index);
  for (const { tag } of ranges) {
    if (tag === '*') return standard;
    // RFC 4647 3.4: `de-AT` is answered with `de`.
    for (
      let range = tag;
      range !== '';
      range = range.slice(0, Math.max(0, range.lastIndexOf('-')))
    ) {
      if (available.includes(range)) return range;
    }
  }
  return standard;
}
