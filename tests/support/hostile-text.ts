/** Texts that are slow for a backtracking regular expression, and a harmless one of the same length. */

const hostileLength = 100_000;

const filled = (part: string, end = '') =>
  part.repeat(Math.ceil(hostileLength / part.length)).slice(0, hostileLength - end.length) + end;

/** Title → 100,000 characters. */
export const hostileTexts: Readonly<Record<string, string>> = {
  'one letter': filled('a'),
  'one letter, then what makes the search fail': filled('a', '!'),
  'an encoded plus': filled('%2B'),
  'an encoded percent sign': filled('%25'),
  'encodings of encodings': filled('%25%34%30'),
  'at signs': filled('@'),
  'encoded at signs': filled('%40'),
  'letters and at signs': filled('a@'),
  'a local part without an end': filled('a.b'),
  dots: filled('.'),
  'letters and dots': filled('a.'),
  'runs just too short for a token': filled(`${'a'.repeat(23)}.`),
  'runs just long enough for a token': filled(`${'a'.repeat(24)}.`),
  base64: filled('aB3+/'),
  'base64 with an equals sign at the end': filled('aB3+/', '='),
  'base64 with an equals sign after 42 characters': filled(`${'a'.repeat(42)}=`),
  'the beginning of a JSON Web Token': filled('eyJ'),
  'JSON Web Tokens': filled('eyJhbGciOi.'),
  'question marks': filled('?'),
  'question marks and letters': filled('a?b'),
  quotes: filled('"'),
  'single quotes': filled("'"),
  blanks: filled(' ', 'a'),
  'line breaks': filled('\n   '),
  'lines that look like frames': filled('\n    at a'),
  backslashes: filled('\\'),
  slashes: filled('/'),
  semicolons: filled(';'),
  'equals signs': filled('='),
  'letters of other scripts': filled('語é'),
  'halves of characters': filled('\ud800'),
  'opening brackets': filled('['),
};

/** A harmless text of the same length: words, as in a message. */
const plainText = filled('the quick brown fox of 1234 jumps ');

/** How much longer `work` may take with a hostile text than with the harmless one. */
export interface TimeLimit {
  readonly times: number;
  /** Times below it, in milliseconds, count as equal. */
  readonly floorMs: number;
  /** The best of so many runs counts, because a busy machine makes a run longer, never shorter. */
  readonly runs: number;
}

/** Whether `work` takes about as long with this text as with the harmless one, as far as `limit` allows. */
export async function isFast(
  work: (text: string) => unknown,
  text: string,
  { times, floorMs, runs }: TimeLimit,
): Promise<boolean> {
  // Below the floor the harmless text need not be measured, so most texts need a single run.
  if ((await bestOf(work, text, runs, times * floorMs)) < times * floorMs) return true;
  return (await bestOf(work, text, runs)) < times * (await bestOf(work, plainText, runs));
}

/** @param enoughMs ends the runs at the first one that is faster */
async function bestOf(
  work: (text: string) => unknown,
  text: string,
  runs: number,
  enoughMs = 0,
): Promise<number> {
  let best = Infinity;
  for (let run = 1; run <= runs && best >= enoughMs; run += 1) {
    const startedAt = performance.now();
    await work(text);
    best = Math.min(best, performance.now() - startedAt);
  }
  return best;
}
