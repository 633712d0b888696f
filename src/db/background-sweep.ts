/** The sweep of a running service: hourly, by one process, while the pool has room. */
import type { Database } from './client.js';
import { createHourlySweep, type HourlySweepOptions } from './hourly-sweep.js';
import { claimSweep, sweep, type SweepOptions } from './sweep.js';

/** Time limit of one sweep in the background; the rest waits for the next hour. */
const sweepBudgetMs = 10_000;

/** @returns as createHourlySweep */
export function createBackgroundSweep(
  { orm, pool }: Pick<Database, 'orm' | 'pool'>,
  options: Pick<HourlySweepOptions, 'now' | 'logger' | 'onSwept'> &
    Pick<SweepOptions, 'lifetime' | 'retention'>,
): ReturnType<typeof createHourlySweep> {
  const hasRoom = () =>
    pool.waitingCount === 0 && (pool.idleCount > 0 || pool.totalCount < pool.options.max);
  return createHourlySweep({
    ...options,
    hasRoom,
    claim: () => claimSweep(orm),
    sweep: () => {
      const { now, lifetime, retention } = options;
      return sweep(orm, { now: now(), lifetime, withinMs: sweepBudgetMs, hasRoom, retention });
    },
  });
}
