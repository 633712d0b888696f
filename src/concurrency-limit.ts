/**
 * Limits concurrency with a first-in, first-out queue and a maximum wait. For CPU-bound work, which would otherwise block
 * the event loop.
 */
import { availableParallelism } from 'node:os';

/**
 * Maximum number of concurrent password hashes: leaves one processor for the event loop, and one of the four threads of
 * Node's pool for other work (DNS lookups, cookie signatures).
 */
export const hashesAtOnce = Math.min(3, Math.max(1, availableParallelism() - 1));

export interface ConcurrencyLimitOptions {
  /** Maximum number running concurrently. */
  readonly concurrency: number;
  /** Maximum number waiting; more are rejected immediately. Default: unlimited. */
  readonly maxQueueLength?: number;
  /** Maximum wait in milliseconds, after which work is rejected. Default: unlimited. */
  readonly maxWaitMs?: number;
  /**
   * The work occupies another thread and not the event loop: the next one starts as soon as there is a slot, because the
   * other thread would be idle until then. Default: false, and events that have arrived are handled first.
   */
  readonly runsOnOtherThread?: boolean;
  /** This many at the front of the queue are rejected only after `maxFrontWaitMs`. */
  readonly frontLength?: number;
  readonly maxFrontWaitMs?: number;
  /**
   * Called when a wait begins; the returned function is called when the wait times out. It returns whether the running
   * work is blocked by something other than load.
   */
  readonly watchHoldUp?: () => () => boolean;
}

export interface ConcurrencyLimit {
  /**
   * Runs the work when its turn comes. Its slot is released when the work settles.
   * @param signal aborted when the result is no longer needed: queued work then leaves the queue
   * @throws NotAdmittedError, or errors of the work
   */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** The work was not started, so it is safe to retry. */
export class NotAdmittedError extends Error {
  override readonly name = 'NotAdmittedError';

  /** @param isHeldUp the cause is not load but running work that does not finish */
  constructor(readonly isHeldUp: boolean) {
    super(isHeldUp ? 'earlier work does not finish' : 'the queue is full');
  }
}

export function createConcurrencyLimit(options: ConcurrencyLimitOptions): ConcurrencyLimit {
  const { concurrency, maxQueueLength = Infinity, maxWaitMs = Infinity } = options;
  const { frontLength = 0, maxFrontWaitMs = maxWaitMs, watchHoldUp = () => () => false } = options;
  const { runsOnOtherThread = false } = options;
  const queue = new Set<() => void>(); // in the order of arrival
  let running = 0;
  let lastInTimeAt = -Infinity;
  let isTurnScheduled = false;

  /** Work of the event loop starts after pending socket events, so that cheap requests are answered first. */
  function scheduleTurn(): void {
    if (isTurnScheduled || queue.size === 0 || running >= concurrency) return;
    if (runsOnOtherThread) {
      beginNext();
      return;
    }
    isTurnScheduled = true;
    setImmediate(() => {
      isTurnScheduled = false;
      beginNext();
      scheduleTurn();
    });
  }

  function beginNext(): void {
    const [begin] = queue;
    begin?.();
  }

  function isAtFront(waiting: () => void): boolean {
    return [...queue].slice(0, frontLength).includes(waiting);
  }

  function waitForTurn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const arrivedAt = performance.now();
      const abort = () => rejectWaiting();
      let timer: NodeJS.Timeout | undefined;
      function leave() {
        clearTimeout(timer);
        queue.delete(begin);
        signal?.removeEventListener('abort', abort);
      }
      function rejectWaiting(isHeldUp = false) {
        leave();
        reject(new NotAdmittedError(isHeldUp));
      }
      function startTimer() {
        if (maxWaitMs === Infinity) return;
        const since = performance.now();
        const isHeldUp = watchHoldUp();
        timer = setTimeout(() => {
          const isExempt = isAtFront(begin) && performance.now() - arrivedAt < maxFrontWaitMs;
          if (isExempt) startTimer();
          else rejectWaiting(lastInTimeAt < since && isHeldUp());
        }, maxWaitMs);
      }
      function begin() {
        leave();
        running += 1;
        resolve();
      }
      if (queue.size >= maxQueueLength || signal?.aborted) {
        rejectWaiting();
        return;
      }
      startTimer();
      signal?.addEventListener('abort', abort);
      queue.add(begin);
      scheduleTurn();
    });
  }

  return {
    async run(work, signal) {
      await waitForTurn(signal);
      const beganAt = performance.now();
      try {
        return await work();
      } finally {
        const endedAt = performance.now();
        if (endedAt - beganAt < maxWaitMs) lastInTimeAt = endedAt;
        running -= 1;
        scheduleTurn();
      }
    },
  };
}
