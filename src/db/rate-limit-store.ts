/**
 * Counts attempts in the table rate_limit, one statement per attempt, so that concurrent attempts cannot both be the last
 * allowed one. Windows use the database's clock, so instances with different clocks agree. A window that starts in the
 * future, written while that clock was ahead, is ignored: no wait exceeds the limit's window.
 */
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { RateLimit } from '../config/rate-limits.js';
import type { Orm } from './client.js';

interface Attempt {
  readonly isAllowed: boolean;
  /** Whole seconds until the window ends: from 1 to the window's length. */
  readonly retryAfterSeconds: number;
}

interface AccountAttempt extends Attempt {
  /** The key the attempt was counted under. */
  readonly key: string;
}

/** Keys of a limit that counts known clients separately from all others. */
interface AccountKeys {
  /** Shared by all unknown clients. */
  readonly shared: string;
  /** The known client's own key. */
  readonly own: string;
  /** Keys whose presence makes the client known, one per secret. */
  readonly marks: readonly string[];
}

export interface RateLimitStore {
  /** Counts one attempt under a key. @throws the driver's error */
  count(key: string, limit: RateLimit): Promise<Attempt>;
  /** Counts one attempt, under `own` for a known client and under `shared` for all others. @throws as count */
  countAccount(keys: AccountKeys, limit: RateLimit): Promise<AccountAttempt>;
  /** Subtracts an attempt that must not count. @throws as count */
  refund(key: string): Promise<void>;
  /** The same, and writes the mark that makes the client known. @throws as count */
  refundAndMarkKnown(key: string, mark: string): Promise<void>;
}

/** Volatile on purpose: on conflict it is evaluated after the row is locked, so later than the last write to it. */
const nowMs = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

export function createRateLimitStore(orm: Orm): RateLimitStore {
  async function count(key: ReturnType<typeof sql>, limit: RateLimit): Promise<AccountAttempt> {
    const windowMs = limit.windowSeconds * 1000;
    const isOpen = sql`rate_limit.last_request <= ${nowMs}
      and rate_limit.last_request > ${nowMs} - ${windowMs}::bigint`;
    const { rows } = await orm.execute<{ key: string; count: number; left_ms: string }>(sql`
      insert into rate_limit (id, key, count, last_request)
      values (${randomUUID()}, ${key}, 1, ${nowMs})
      on conflict (key) do update set
        -- Capped just above the limit: an unbounded count would overflow.
        count = case when ${isOpen} then least(rate_limit.count, ${limit.max}::int) + 1 else 1 end,
        last_request = case when ${isOpen} then rate_limit.last_request else ${nowMs} end
      returning key, count, last_request + ${windowMs}::bigint - ${nowMs} as left_ms`);
    const row = rows[0];
    if (row === undefined) throw new Error('counting an attempt returned no row');
    const seconds = Math.ceil(Number(row.left_ms) / 1000);
    return {
      key: row.key,
      isAllowed: row.count <= limit.max,
      retryAfterSeconds: Math.min(Math.max(seconds, 1), limit.windowSeconds),
    };
  }

  async function refund(key: string): Promise<void> {
    await orm.execute(sql`
      update rate_limit set count = count - 1 where key = ${key} and count > 0`);
  }

  return {
    count: (key, limit) => count(sql`${key}`, limit),
    countAccount({ shared, own, marks }, limit) {
      const isKnown = sql`exists (select 1 from rate_limit where key in ${marks})`;
      return count(sql`case when ${isKnown} then ${own} else ${shared} end`, limit);
    },
    refund,
    async refundAndMarkKnown(key, mark) {
      await orm.execute(sql`
        with refund as (
          update rate_limit set count = count - 1 where key = ${key} and count > 0
        )
        insert into rate_limit (id, key, count, last_request)
        values (${randomUUID()}, ${mark}, 0, ${nowMs})
        on conflict (key) do update set last_request = excluded.last_request`);
    },
  };
}
