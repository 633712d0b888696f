/**
 * So many at once, the next in the order of arrival, and nobody waits for longer than is said. Stands before work that
 * fills the processor, which would keep the event loop from everything else; it does none of the work itself.
 */
import { availableParallelism } from 'node:os';

/**
 * How many passwords are hashed at once: a processor stays for the event loop, and one of the four threads for what
 * else Node does there (name look-ups, the signature of a cookie).
 */
export const hashesAtOnce = Math.min(3, Math.max(1, availableParallelism() - 1));

export interface ConcurrencyLimitOptions {
  /** How many work at once. */
  readonly concurrency: number;
  /** How many may wait; whoever comes then is refused at once. Without it: any number. */
  readonly maxQueueLength?: number;
  /** Who waits longer, in milliseconds, is refused. Without it: as long as it takes. */
  readonly maxWaitMs?: number;
  /** So many at the front of the queue are not refused by then, but after `maxFrontWaitMs`. */
  readonly frontLength?: number;
  readonly maxFrontWaitMs?: number;
  /**
   * Called when a wait begins, and what it gives when somebody is refused: whether the work before is held up by
   * something that is not its being much.
   */
  readonly watchHoldUp?: () => () => boolean;
}

export interface ConcurrencyLimit {
  /**
   * Runs the work when its turn comes. Its place is free again once the work has settled, however it ends.
   * @param signal aborted when nobody waits for the result any more: who waits still leaves the queue
   * @throws NotAdmittedError, or what the work throws
   */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** The work was not begun, so nothing of it was done, and it may be tried again. */
export class NotAdmittedError extends Error {
  override readonly name = 'NotAdmittedError';

  /** @param isHeldUp not because there is much work, but because what holds it up lasts */
  constructor(readonly isHeldUp: boolean) {
    super(isHeldUp ? 'what was begun before does not end' : 'too many wait already');
  }
}

export function createConcurrencyLimit(options: ConcurrencyLimitOptions): ConcurrencyLimit {
  const { concurrency, maxQueueLength = Infinity, maxWaitMs = Infinity } = options;
  const { frontLength = 0, maxFrontWaitMs = maxWaitMs, watchHoldUp = () => () => false } = options;
  const queue = new Set<() => void>(); // in the order of arrival
  let running = 0;
  let lastInTimeAt = -Infinity;
  let isTurnScheduled = false;

  /** After the sockets that are readable now: who asks for little is answered before the next begins. */
  function scheduleTurn(): void {
    if (isTurnScheduled || queue.size === 0 || running >= concurrency) return;
    isTurnScheduled = true;
    setImmediate(() => {
      isTurnScheduled = false;
      const [begin] = queue;
      begin?.();
      scheduleTurn();
    });
  }

  function isAtFront(waiting: () => void): boolean {
    return [...queue].slice(0, frontLength).includes(waiting);
  }

  function enter(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const arrivedAt = performance.now();
      const abort = () => refuse();
      let timer: NodeJS.Timeout | undefined;
      function leave() {
        clearTimeout(timer);
        queue.delete(begin);
        signal?.removeEventListener('abort', abort);
      }
      function refuse(isHeldUp = false) {
        leave();
        reject(new NotAdmittedError(isHeldUp));
      }
      function startTimer() {
        if (maxWaitMs === Infinity) return;
        const since = performance.now();
        const isHeldUp = watchHoldUp();
        timer = setTimeout(() => {
          const mayStay = isAtFront(begin) && performance.now() - arrivedAt < maxFrontWaitMs;
          if (mayStay) startTimer();
          else refuse(lastInTimeAt < since && isHeldUp());
        }, maxWaitMs);
      }
      function begin() {
        leave();
        running += 1;
        resolve();
      }
      if (queue.size >= maxQueueLength || signal?.aborted) {
        refuse();
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
      await enter(signal);
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
