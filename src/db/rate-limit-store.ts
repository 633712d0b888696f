/**
 * Counts attempts in the table rate_limit, one statement per attempt, so that concurrent attempts cannot both be the
 * last allowed one. Windows use the database's clock, so instances with different clocks agree. A window that starts in
 * the future, written while that clock was ahead, is ignored: no wait exceeds the limit's window.
 */
import { randomUUID } from 'node:crypto';
import { sql, type SQL } from 'drizzle-orm';
import type { RateLimit } from '../config/rate-limits.js';
import type { Orm } from './client.js';

interface Attempt {
  readonly isAllowed: boolean;
  /** Attempts of this window, this one included: at most one more than the limit. */
  readonly count: number;
  /** Whole seconds until the window ends: from 1 to the window's length. */
  readonly retryAfterSeconds: number;
}

/** A key and its limit. */
export interface AddressAttempt {
  readonly key: string;
  readonly limit: RateLimit;
}

export interface RateLimitStore {
  /** Counts one attempt under a key. @throws the driver's error */
  count(key: string, limit: RateLimit): Promise<Attempt>;
  /** Subtracts an attempt that must not count. @throws as count */
  refund(key: string): Promise<void>;
}

/** Volatile on purpose: on conflict it is evaluated after the row is locked, so later than the last write to it. */
export const nowMs = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

interface Row extends Record<string, unknown> {
  readonly key: string;
  readonly count: number;
  readonly left_ms: string;
}

export function createRateLimitStore(orm: Orm): RateLimitStore {
  return {
    async count(key, limit) {
      const { rows } = await orm.execute<Row>(counting(sql`${key}`, limit));
      return attemptOf(rows[0], limit);
    },
    async refund(key) {
      await orm.execute(sql`
        update rate_limit set count = count - 1 where key = ${key} and count > 0`);
    },
  };
}

/** Whether the window that a row counts is not over. A window that starts in the future is. */
export function isOpen(row: SQL, { windowSeconds }: RateLimit): SQL {
  return sql`(${row}.last_request <= ${nowMs}
    and ${row}.last_request > ${nowMs} - ${windowSeconds * 1000}::bigint)`;
}

/** @param count this attempt included. @returns whether the attempts before it have used up half of the limit */
export function isHalfUsed(count: number, max: number): boolean {
  return (count - 1) * 2 >= max;
}

/** @param condition a FROM clause that returns one row to count the attempt, and none not to */
export function counting(key: SQL, limit: RateLimit, condition: SQL = sql``): SQL {
  const windowMs = limit.windowSeconds * 1000;
  const isCurrent = isOpen(sql`rate_limit`, limit);
  return sql`
    insert into rate_limit (id, key, count, last_request)
    select ${randomUUID()}, ${key}, 1, ${nowMs} ${condition}
    on conflict (key) do update set
      -- Capped just above the limit: an unbounded count would overflow.
      count = case when ${isCurrent} then least(rate_limit.count, ${limit.max}::int) + 1 else 1 end,
      last_request = case when ${isCurrent} then rate_limit.last_request else ${nowMs} end
    returning key, count, last_request + ${windowMs}::bigint - ${nowMs} as left_ms`;
}

function attemptOf(row: Row | undefined, limit: RateLimit): Attempt {
  if (row === undefined) throw new Error('counting an attempt returned no row');
  const seconds = Math.ceil(Number(row.left_ms) / 1000);
  return {
    isAllowed: row.count <= limit.max,
    count: row.count,
    retryAfterSeconds: Math.min(Math.max(seconds, 1), limit.windowSeconds),
  };
}
