/** Shares the result of an asynchronous read between concurrent callers, and caches it for some time. */

/** For the states of what the service depends on: probes cost one query per interval, and a recovery shows soon. */
export const stateTtlMs = 1_000;

/**
 * @param read never runs concurrently with itself
 * @param ttlMs how long a result or an error is reused, from when it was received
 */
export function cacheFor<T>(read: () => Promise<T>, ttlMs: number): () => Promise<T> {
  let latest: Promise<T> | undefined;
  let endsAt = Infinity;
  return function readCached() {
    if (latest !== undefined && performance.now() < endsAt) return latest;
    endsAt = Infinity; // while it is running
    latest = read().finally(() => (endsAt = performance.now() + ttlMs));
    return latest;
  };
}
