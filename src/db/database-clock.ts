/** Compares this process's clock with the database's: at start, and whenever this process's clock has jumped. */
import { sql } from 'drizzle-orm';
import type { Logger } from '../log/logger.js';
import type { ComparedClock } from '../session/compared-clock.js';
import type { Orm } from './client.js';
import { currentTransaction } from './current-transaction.js';
import { retryRead } from './retry-read.js';

export interface DatabaseClock extends ComparedClock {
  /** Takes a comparison that was made elsewhere. */
  readonly observe: (aheadMs: number, uncertaintyMs: number) => void;
}

/** A smaller difference is explained by the network and by load. */
const toleratedMs = 5_000;

/** A clock that is slewed stays below; `performance.now()` is slewed with it, and never jumps. */
const jumpMs = 1_000;

export interface ReadTime {
  /** The time by the database's clock. */
  (): Promise<Date>;
  /** What the caller's connection is taken from. Callers with the same one share a comparison; one by default. */
  readonly connection?: () => object;
}

export interface DatabaseClockOptions {
  readonly readTime: ReadTime;
  readonly now: () => Date;
  readonly logger: Pick<Logger, 'warn'>;
}

export function createDatabaseClock(options: DatabaseClockOptions): DatabaseClock {
  const { readTime, now, logger } = options;
  let aheadMs: number | undefined;
  const comparing = new WeakMap<object, Promise<number>>();
  const offset = () => now().getTime() - performance.now();
  let comparedOffset = offset();
  const hasJumped = () => Math.abs(offset() - comparedOffset) > jumpMs;

  /** @param uncertaintyMs half of the time that the comparison took: a slow answer is no wrong clock */
  function observe(foundMs: number, uncertaintyMs: number): number {
    comparedOffset = offset();
    aheadMs = Math.abs(foundMs) - uncertaintyMs > toleratedMs ? foundMs : 0;
    return aheadMs;
  }

  async function ask(): Promise<number> {
    const startedAt = now().getTime();
    const theirs = await readTime();
    const uncertaintyMs = Math.abs(now().getTime() - startedAt) / 2;
    const foundMs = observe(startedAt + uncertaintyMs - theirs.getTime(), uncertaintyMs);
    if (foundMs !== 0) {
      const fields = { code: 'CLOCK_DIFFERS', variable: 'DATABASE_URL', aheadMs: foundMs };
      const fix = 'synchronise both with NTP; sessions end by the clock of the database';
      logger.warn({ ...fields, fix }, "this machine's clock differs from the database's");
    }
    return foundMs;
  }

  function compareNow(): Promise<number> {
    const connection = readTime.connection?.() ?? comparing;
    let current = comparing.get(connection);
    if (current === undefined) {
      current = ask().finally(() => comparing.delete(connection));
      comparing.set(connection, current);
    }
    return current;
  }

  return {
    observe,
    aheadMs: () => (hasJumped() ? compareNow() : (aheadMs ?? 0)),
    compare: async () => (aheadMs === undefined || hasJumped() ? compareNow() : aheadMs),
  };
}

/**
 * In a transaction, on its own connection: with a busy pool, transactions that wait for another connection would wait for
 * each other.
 */
export function createReadDatabaseTime(orm: Orm): ReadTime {
  const connection = () => currentTransaction(orm);
  const read = retryRead(async () => {
    const { rows } = await connection().execute<{ ms: number }>(
      sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`,
    );
    return new Date(rows[0]?.ms ?? Number.NaN);
  });
  return Object.assign(read, { connection });
}
