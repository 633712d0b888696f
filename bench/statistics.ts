/** Median and ratios, which are robust on a noisy machine. Throws for empty input. */

/** The middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? NaN) + upper) / 2;
}

/** The ratio of each round: load that slows down a whole round affects both sides of it. */
export function ratiosOf(ours: readonly number[], theirs: readonly number[]): number[] {
  if (ours.length !== theirs.length) throw new Error('a ratio needs both sides of each round');
  return ours.map((value, round) => value / (theirs[round] ?? NaN));
}

function ascending(values: readonly number[]): Float64Array {
  if (values.length === 0) throw new Error('nothing was measured');
  return Float64Array.from(values).sort(); // numeric, unlike an array's sort
}
