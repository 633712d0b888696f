/** The sweep of a running service: hourly, by one process, while the pool has room. */
import type { Database } from './client.js';
import { createHourlySweep, type HourlySweepOptions } from './hourly-sweep.js';
import { claimSweep, sweep, type SweepOptions, type Swept } from './sweep.js';

/** Time limit of one sweep in the background; the rest waits for the next hour. */
const sweepBudgetMs = 10_000;

export interface BackgroundSweep {
  readonly sweepWhenDue: ReturnType<typeof createHourlySweep>;
  /** Calls the listener after each sweep of this process with the number of deleted rows per table. */
  readonly onSwept: (listener: (swept: Swept) => void) => void;
  /** When a sweep of any process was last known of, in milliseconds since the epoch. */
  readonly lastSweptAt: () => number | undefined;
}

export function createBackgroundSweep(
  { orm, pool }: Pick<Database, 'orm' | 'pool'>,
  options: Pick<HourlySweepOptions, 'now' | 'logger'> &
    Pick<SweepOptions, 'lifetime' | 'retention' | 'recordDeletedUsers'>,
): BackgroundSweep {
  const { now, logger } = options;
  const listeners: ((swept: Swept) => void)[] = [];
  let lastSweptAt: number | undefined;
  const hasRoom = () =>
    pool.waitingCount === 0 && (pool.idleCount > 0 || pool.totalCount < pool.options.max);
  let hasWarned = false;
  const onRefused = (fix: string) => {
    if (!hasWarned) logger.warn({ fix }, 'the months of the audit trail are not maintained');
    hasWarned = true;
  };
  const sweepWhenDue = createHourlySweep({
    now,
    logger,
    hasRoom,
    claim: () => claimSweep(orm),
    sweep: () =>
      sweep(orm, { ...options, now: now(), withinMs: sweepBudgetMs, hasRoom, onRefused }),
    onSwept(swept) {
      lastSweptAt = now().getTime();
      for (const listener of listeners) listener(swept);
    },
    onSweptElsewhere: () => (lastSweptAt = now().getTime()),
  });
  return {
    sweepWhenDue,
    onSwept: (listener) => void listeners.push(listener),
    lastSweptAt: () => lastSweptAt,
  };
}
