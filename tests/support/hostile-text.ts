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
export const plainText = filled('the quick brown fox of 1234 jumps ');

/**
 * How many times longer `work` takes with a hostile text than with the harmless one: the best of several runs, because a
 * busy machine makes a run longer, never shorter. Times below the floor, in milliseconds, count as equal.
 */
export function timeRatio(work: (text: string) => unknown, text: string, floorMs = 2): number {
  return bestOf(work, text) / Math.max(floorMs, bestOf(work, plainText));
}

function bestOf(work: (text: string) => unknown, text: string): number {
  let best = Infinity;
  for (let run = 1; run <= 5; run += 1) {
    const startedAt = performance.now();
    work(text);
    best = Math.min(best, performance.now() - startedAt);
  }
  return best;
}
