/** The state of the database, cached, and its clock, which each reading of the state compares with this process's. */
import { cacheFor, stateTtlMs } from './cache-for.js';
import type { Orm } from './client.js';
import {
  createDatabaseClock,
  createReadDatabaseTime,
  type DatabaseClock,
  type DatabaseClockOptions,
} from './database-clock.js';
import { readDatabaseState, type DatabaseState } from './readiness.js';

interface Options extends Pick<DatabaseClockOptions, 'now' | 'logger'> {
  /** By default the database is asked. */
  readonly readTime?: DatabaseClockOptions['readTime'] | undefined;
}

export function createDatabaseState(
  orm: Orm,
  { now, logger, readTime }: Options,
): { readonly clock: DatabaseClock; readonly readState: () => Promise<DatabaseState> } {
  const clock = createDatabaseClock({
    now,
    logger,
    readTime: readTime ?? createReadDatabaseTime(orm),
  });
  const readState = cacheFor(async () => {
    const state = await readDatabaseState(orm, now);
    if (readTime === undefined) clock.observe(...differenceOf(state.clock));
    return state;
  }, stateTtlMs);
  return { clock, readState };
}

/** This process's lead, and by how much it is uncertain. */
function differenceOf({ databaseAheadMs, differMs }: DatabaseState['clock']) {
  return [-databaseAheadMs, Math.abs(databaseAheadMs) - differMs] as const;
}
