/** One reading for everybody who asks while it runs, and for some time after. */

/**
 * @param read never runs twice at once
 * @param lastsMs how long an answer, or a failure, is given again, from when it came
 */
export function sharedReading<T>(read: () => Promise<T>, lastsMs: number): () => Promise<T> {
  let latest: Promise<T> | undefined;
  let endsAt = Infinity;
  return function readShared() {
    if (latest !== undefined && performance.now() < endsAt) return latest;
    endsAt = Infinity; // while it runs
    latest = read().finally(() => (endsAt = performance.now() + lastsMs));
    return latest;
  };
}
