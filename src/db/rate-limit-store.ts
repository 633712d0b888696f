/**
 * Counts attempts in the table rate_limit, one statement per attempt, so that concurrent attempts cannot both be the
 * last allowed one. Windows use the database's clock, so instances with different clocks agree. A window that starts in
 * the future, written while that clock was ahead, is ignored: no wait exceeds the limit's window.
 */
import { randomUUID } from 'node:crypto';
import { sql, type SQL } from 'drizzle-orm';
import type { RateLimit } from '../config/rate-limits.js';
import type { Orm } from './client.js';

export interface Attempt {
  readonly isAllowed: boolean;
  /** Attempts of this window, this one included: at most one more than the limit. */
  readonly count: number;
  /** Whole seconds until the window ends: from 1 to the window's length. */
  readonly retryAfterSeconds: number;
}

interface AccountAttempt extends Attempt {
  /** The key the attempt was counted under. */
  readonly key: string;
}

/** The account was not counted if the address is over its limit. */
interface SignInAttempt {
  readonly address: Attempt;
  readonly account: AccountAttempt | undefined;
}

/** A key and its limit. */
export interface AddressAttempt {
  readonly key: string;
  readonly limit: RateLimit;
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
  /**
   * Counts one attempt under the address's key and, if that is allowed, one for the account: under `own` for a known
   * client and under `shared` for all others. @throws as count
   */
  countSignIn(address: AddressAttempt, keys: AccountKeys, limit: RateLimit): Promise<SignInAttempt>;
  /** Subtracts an attempt that must not count. @throws as count */
  refund(key: string): Promise<void>;
  /** The same, and writes the mark that makes the client known. @throws as count */
  refundAndMarkKnown(key: string, mark: string): Promise<void>;
}

/** Volatile on purpose: on conflict it is evaluated after the row is locked, so later than the last write to it. */
const nowMs = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

interface Row extends Record<string, unknown> {
  readonly key: string;
  readonly count: number;
  readonly left_ms: string;
}

export function createRateLimitStore(orm: Orm): RateLimitStore {
  async function refund(key: string): Promise<void> {
    await orm.execute(sql`
      update rate_limit set count = count - 1 where key = ${key} and count > 0`);
  }

  return {
    async count(key, limit) {
      const { rows } = await orm.execute<Row>(counting(sql`${key}`, limit));
      return attemptOf(rows[0], limit);
    },
    async countSignIn(address, { shared, own, marks }, limit) {
      const isKnown = sql`exists (select 1 from rate_limit where key in ${marks})`;
      const key = sql`case when ${isKnown} then ${own} else ${shared} end`;
      // Always locks the address's row before the account's: two sign-ins cannot deadlock.
      const { rows } = await orm.execute<Row>(sql`
        with address as (${counting(sql`${address.key}`, address.limit)}),
        account as (${counting(key, limit, sql`from address where address.count <= ${address.limit.max}::int`)})
        select * from address union all select * from account`);
      const ofAddress = rows.find((row) => row.key === address.key);
      const tried = attemptOf(ofAddress, address.limit);
      if (!tried.isAllowed) return { address: tried, account: undefined };
      const ofAccount = rows.find((row) => row !== ofAddress);
      return { address: tried, account: attemptOf(ofAccount, limit) };
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

/** @param condition a FROM clause that returns one row to count the attempt, and none not to */
function counting(key: SQL, limit: RateLimit, condition: SQL = sql``): SQL {
  const windowMs = limit.windowSeconds * 1000;
  const isOpen = sql`rate_limit.last_request <= ${nowMs}
    and rate_limit.last_request > ${nowMs} - ${windowMs}::bigint`;
  return sql`
    insert into rate_limit (id, key, count, last_request)
    select ${randomUUID()}, ${key}, 1, ${nowMs} ${condition}
    on conflict (key) do update set
      -- Capped just above the limit: an unbounded count would overflow.
      count = case when ${isOpen} then least(rate_limit.count, ${limit.max}::int) + 1 else 1 end,
      last_request = case when ${isOpen} then rate_limit.last_request else ${nowMs} end
    returning key, count, last_request + ${windowMs}::bigint - ${nowMs} as left_ms`;
}

function attemptOf(row: Row | undefined, limit: RateLimit): AccountAttempt {
  if (row === undefined) throw new Error('counting an attempt returned no row');
  const seconds = Math.ceil(Number(row.left_ms) / 1000);
  return {
    key: row.key,
    isAllowed: row.count <= limit.max,
    count: row.count,
    retryAfterSeconds: Math.min(Math.max(seconds, 1), limit.windowSeconds),
  };
}
