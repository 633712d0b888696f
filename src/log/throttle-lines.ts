/** For log lines that an outage would repeat with every request: the first one of a minute is logged. */

const everyMs = 60_000;

/**
 * @param now a monotonic clock in milliseconds
 * @returns a function that returns how many lines of a kind were left out since the last one; undefined if this one must
 *   be left out, too
 */
export function throttleLines(
  now = () => performance.now(),
): (kind?: string) => number | undefined {
  const last = new Map<string, { at: number; omitted: number }>();
  return function omittedLines(kind = '') {
    const known = last.get(kind);
    if (known !== undefined && now() - known.at < everyMs) {
      known.omitted += 1;
      return undefined;
    }
    last.set(kind, { at: now(), omitted: 0 });
    return known?.omitted ?? 0;
  };
}
