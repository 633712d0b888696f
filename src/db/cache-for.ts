/** One reading for everybody who asks while it runs, and for some time after. */

/**
 * @param read never runs twice at once
 * @param ttlMs how long an answer, or a failure, is given again, from when it came
 */
export function cacheFor<T>(read: () => Promise<T>, ttlMs: number): () => Promise<T> {
  let latest: Promise<T> | undefined;
  let endsAt = Infinity;
  return function readCached() {
    if (latest !== undefined && performance.now() < endsAt) return latest;
    endsAt = Infinity; // while it runs
    latest = read().finally(() => (endsAt = performance.now() + ttlMs));
    return latest;
  };
}
