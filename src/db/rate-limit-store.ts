/**
 * Counts tries in the table rate_limit, each in one statement: two that arrive together cannot both be the last one
 * allowed. The database's clock decides over every window, so instances whose clocks differ agree, and a window that
 * began in the future, as a clock that was once ahead left it, is none: no wait is longer than the limit's own window.
 */
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { RateLimit } from '../config/rate-limits.js';
import type { Orm } from './client.js';

interface Attempt {
  readonly isAllowed: boolean;
  /** Whole seconds until the window ends: from 1 to its length. */
  readonly retryAfterSeconds: number;
}

interface AccountAttempt extends Attempt {
  /** The key that was counted under. */
  readonly key: string;
}

/** For a limit that spares whoever is known: they are counted by themselves. */
interface AccountKeys {
  /** Everybody who is not known. */
  readonly shared: string;
  /** Whoever is known, alone. */
  readonly own: string;
  /** Marks that make known, under each secret. */
  readonly marks: readonly string[];
}

export interface RateLimitStore {
  /** Counts one more try under a key. @throws what the driver throws */
  count(key: string, limit: RateLimit): Promise<Attempt>;
  /** Counts one more try, under the own key of whoever is known and the shared one of all others. @throws as count */
  countAccount(keys: AccountKeys, limit: RateLimit): Promise<AccountAttempt>;
  /** Takes one try back that turned out to be none. @throws as count */
  refund(key: string): Promise<void>;
  /** The same, and leaves the mark that makes known. @throws as count */
  refundAndMarkKnown(key: string, mark: string): Promise<void>;
}

/** Volatile on purpose: within a conflict it is read once the row is locked, and so after whoever wrote it last. */
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
        -- Beyond the limit nobody counts on: the number could not be held for ever.
        count = case when ${isOpen} then least(rate_limit.count, ${limit.max}::int) + 1 else 1 end,
        last_request = case when ${isOpen} then rate_limit.last_request else ${nowMs} end
      returning key, count, last_request + ${windowMs}::bigint - ${nowMs} as left_ms`);
    const row = rows[0];
    if (row === undefined) throw new Error('the count of a try came back empty');
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
        with taken_back as (
          update rate_limit set count = count - 1 where key = ${key} and count > 0
        )
        insert into rate_limit (id, key, count, last_request)
        values (${randomUUID()}, ${mark}, 0, ${nowMs})
        on conflict (key) do update set last_request = excluded.last_request`);
    },
  };
}
