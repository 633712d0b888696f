/** Sweeps beside the requests: after an answer, where none waits for it, and at most once an hour. */
import type { Logger } from '../log/logger.js';
import type { Swept } from './sweep.js';

export interface HourlySweepOptions {
  readonly now: () => Date;
  readonly logger: Logger;
  /** Whether a connection is free that no request waits for. */
  readonly hasRoom: () => boolean;
  /** Whether this process is the one to sweep within this hour. */
  readonly claim: () => Promise<boolean>;
  readonly sweep: () => Promise<Swept>;
  readonly onSwept: (swept: Swept) => void;
}

const everyMs = 3_600_000;

/**
 * @returns to be called with each request: gives the work that is due once that is answered, undefined where none is.
 *   The work never rejects: a sweep that fails is a line in the log, and no request's failure.
 */
export function createHourlySweep(
  options: HourlySweepOptions,
): (answered: () => Promise<void>) => Promise<void> | undefined {
  const { now, logger, hasRoom, claim, sweep, onSwept } = options;
  let lastAskedAt = -Infinity;
  return function sweepWhenDue(answered) {
    const time = now().getTime();
    // Also where the clock was set back, however far.
    if (Math.abs(time - lastAskedAt) < everyMs) return undefined;
    lastAskedAt = time;
    return answered()
      .then(async () => {
        if (!hasRoom()) {
          lastAskedAt = -Infinity; // the next request may find some
          return;
        }
        if (!(await claim())) return;
        const startedAt = performance.now();
        const swept = await sweep();
        onSwept(swept);
        const durationMs = Math.round(performance.now() - startedAt);
        logger.info({ swept, durationMs }, 'swept');
      })
      .catch((err: unknown) => {
        const fix = 'run npm run sweep; nothing else depends on it';
        logger.warn({ err, fix }, 'not swept: expired rows stay for another hour');
      });
  };
}
