/** Runs the sweep in the background: after a response, when no request waits for a connection, at most once an hour. */
import type { Logger } from '../log/logger.js';
import type { Swept } from './sweep.js';

export interface HourlySweepOptions {
  readonly now: () => Date;
  readonly logger: Logger;
  /** Whether a connection is free and no request is waiting for one. */
  readonly hasRoom: () => boolean;
  /** Whether this process should run this hour's sweep. */
  readonly claim: () => Promise<boolean>;
  readonly sweep: () => Promise<Swept>;
  readonly onSwept: (swept: Swept) => void;
  /** Another process has swept within the last hour. */
  readonly onSweptElsewhere?: () => void;
}

const intervalMs = 3_600_000;

/**
 * @returns a function to call with each request; it returns the promise of a sweep that starts after the response, or
 *   undefined if none is due. The promise never rejects: a failed sweep is logged and fails no request.
 */
export function createHourlySweep(
  options: HourlySweepOptions,
): (responseSent: () => Promise<void>) => Promise<void> | undefined {
  const { now, logger, hasRoom, claim, sweep, onSwept, onSweptElsewhere } = options;
  let lastCheckedAt = -Infinity;
  return function sweepWhenDue(responseSent) {
    const time = now().getTime();
    // Absolute value, so that a clock that was set back does not stop the sweep.
    if (Math.abs(time - lastCheckedAt) < intervalMs) return undefined;
    lastCheckedAt = time;
    return responseSent()
      .then(async () => {
        if (!hasRoom()) {
          lastCheckedAt = -Infinity; // retry with the next request
          return;
        }
        if (!(await claim())) {
          onSweptElsewhere?.();
          return;
        }
        const startedAt = performance.now();
        const swept = await sweep();
        onSwept(swept);
        const durationMs = Math.round(performance.now() - startedAt);
        logger.info({ swept, durationMs }, 'swept');
      })
      .catch((err: unknown) => {
        const fix = 'run npm run sweep; nothing else is affected';
        logger.warn({ err, fix }, 'sweep failed: expired rows remain for another hour');
      });
  };
}
