/**
 * Counts attempts to sign in under three limits, in one statement: the pause after wrong passwords for one account from
 * one network, the account's total, and the address's total. An attempt that one of them refuses counts under none, so a
 * client that keeps trying neither uses up the limit of others nor prolongs its own wait.
 */
import { randomUUID } from 'node:crypto';
import { sql, type SQL } from 'drizzle-orm';
import { longestWindowSeconds, type PauseRule, type RateLimit } from '../config/rate-limits.js';
import type { LimitName } from '../limit-reasons.js';
import type { Orm } from './client.js';
import {
  allowedAttempt,
  refusedAttempt,
  type CountedSignIn,
  type SignInAttempt,
  type SignInAttempts,
  type SignInKeys,
  type SignInLimits,
} from '../sign-in-attempt.js';
import { counting, isOpen, nowMs, type AddressAttempt } from './rate-limit-store.js';

interface Row extends Record<string, unknown> {
  readonly step: 'refused' | 'paused' | 'account' | 'address';
  /** The limit for `refused`, otherwise the key. */
  readonly key: string;
  readonly count: number;
  /** For `paused`, when the attempt before it was counted; null if there was none. */
  readonly left_ms: string | null;
}

/** Wrong passwords are remembered for this long after the last one; the sweep then deletes the row. */
const memoryMs = longestWindowSeconds * 1000;

export function createSignInAttempts(orm: Orm, limits: SignInLimits): SignInAttempts {
  const { account } = limits;
  const nothing = sql`select count(*) from address`;

  async function takeBack(counted: CountedSignIn, pauses: SQL, last = nothing): Promise<void> {
    const { total, address } = counted;
    // Each step depends on the one before, which makes the order of the locks that of `count`: no deadlock. So in unlock.
    await orm.execute(sql`
      with pauses as (${pauses} returning 1),
      total as (
        update rate_limit set count = count - 1
        where key = ${total} and count > 0 and (select count(*) from pauses) >= 0 returning 1
      ),
      address as (
        update rate_limit set count = count - 1
        where key = ${address ?? ''} and count > 0 and (select count(*) from total) >= 0 returning 1
      )
      ${last}`);
  }

  return {
    async count(address, keys) {
      const { rows } = await orm.execute<Row>(countStatement(address, keys, limits));
      const find = (step: Row['step']) => rows.find((row) => row.step === step);
      const refusals = rows.filter(({ step }) => step === 'refused');
      const longest = refusals.sort((a, b) => Number(b.left_ms) - Number(a.left_ms))[0];
      if (longest !== undefined) return refused(longest.key as LimitName, longest);
      // Another request of this client has used up the last attempt before the pause.
      const paused = find('paused');
      if (paused === undefined) return refused('account_network');
      const ofAccount = find('account');
      if (ofAccount === undefined) throw new Error('counting an attempt returned no row');
      if (ofAccount.count > account.max) return refused('account', ofAccount);
      const ofAddress = find('address');
      if (address !== undefined && ofAddress !== undefined && ofAddress.count > address.limit.max) {
        return refused('address', ofAddress);
      }
      const counted = {
        pause: keys.pause,
        total: ofAccount.key,
        address: ofAddress?.key,
        mark: keys.marks[0],
        previousAt: paused.left_ms ?? undefined,
      };
      const counts = { pause: paused.count, account: ofAccount.count, address: ofAddress?.count };
      return allowedAttempt(counted, counts, limits, address);

      function refused(limit: LimitName, row?: Row): SignInAttempt {
        const leftMs = row ? Number(row.left_ms) : limits.pause.firstSeconds * 1000;
        return refusedAttempt(limit, leftMs, limits, address);
      }
    },

    refund: (counted) =>
      takeBack(
        counted,
        sql`update rate_limit set count = count - 1 where key = ${counted.pause} and count > 0`,
      ),

    withdraw: (counted) =>
      takeBack(
        counted,
        sql`update rate_limit set
            count = count - 1,
            last_request = coalesce(${counted.previousAt ?? null}::bigint, last_request)
          where key = ${counted.pause} and count > 0`,
      ),

    succeed: (counted) =>
      takeBack(
        counted,
        sql`delete from rate_limit where key = ${counted.pause}`,
        counted.mark === undefined
          ? nothing
          : writeMark(counted.mark, sql`where (select count(*) from address) >= 0`),
      ),

    async unlock({ pause: key, knownTotal, marks: [mark = ''] }) {
      await orm.execute(sql`
        with pauses as (delete from rate_limit where key = ${key} returning 1),
        total as (
          delete from rate_limit
          where key = ${knownTotal} and (select count(*) from pauses) >= 0 returning 1
        )
        ${writeMark(mark, sql`where (select count(*) from total) >= 0`)}`);
    },
  };
}

function writeMark(mark: string, condition: SQL = sql``): SQL {
  return sql`
    insert into rate_limit (id, key, count, last_request)
    select ${randomUUID()}, ${mark}, 0, ${nowMs} ${condition}
    on conflict (key) do update set last_request = excluded.last_request`;
}

function countStatement(
  given: AddressAttempt | undefined,
  { pause, total, knownTotal, marks, isKnownDevice }: SignInKeys,
  limits: SignInLimits,
): SQL {
  const { account } = limits;
  const address = given ?? { key: '', limit: account };
  const limitsAddress = sql`${given !== undefined && !isKnownDevice}::boolean`;
  const isKnown = isKnownDevice
    ? sql`true`
    : sql`exists (select 1 from seen where key in ${marks})`;
  const pauseMs = pauseLength(limits.pause);
  const isPaused = (row: SQL) =>
    sql`(${row}.last_request <= ${nowMs} and ${row}.last_request > ${nowMs} - ${pauseMs(row)})`;
  const isFull = (limit: RateLimit) =>
    sql`${isOpen(sql`seen`, limit)} and seen.count >= ${limit.max}::int`;
  const endOf = (limit: RateLimit) => sql`last_request + ${limit.windowSeconds * 1000}::bigint`;
  return sql`
    with seen as materialized (
      select key, count, last_request from rate_limit
      where key in ${[pause, total, knownTotal, address.key, ...marks]}
    ),
    chosen as materialized (
      select case when ${isKnown} then ${knownTotal} else ${total} end as key
    ),
    refused as materialized (
      select 'account_network' as "limit", last_request + ${pauseMs(sql`seen`)} - ${nowMs} as left_ms
        from seen where key = ${pause} and ${isPaused(sql`seen`)}
      union all select 'account', ${endOf(account)} - ${nowMs}
        from seen where key = (select key from chosen) and ${isFull(account)}
      union all select 'address', ${endOf(address.limit)} - ${nowMs}
        from seen where key = ${address.key} and ${limitsAddress} and ${isFull(address.limit)}
    ),
    paused as (
      insert into rate_limit as own (id, key, count, last_request)
      select ${randomUUID()}, ${pause}, 1, ${nowMs} where not exists (select 1 from refused)
      on conflict (key) do update set
        count = case
          when own.last_request between ${nowMs} - ${memoryMs}::bigint and ${nowMs}
          then least(own.count, 1000) + 1 else 1 end,
        last_request = ${nowMs}
      -- Checked again with the row locked: of concurrent attempts only the allowed number passes.
      where not ${isPaused(sql`own`)}
      returning key, count
    ),
    account as (${counting(sql`chosen.key`, account, sql`from chosen, paused`)}),
    address as (${counting(
      sql`${address.key}`,
      address.limit,
      sql`from account where account.count <= ${account.max}::int and ${limitsAddress}`,
    )})
    select 'refused' as step, "limit" as key, 0 as count, left_ms from refused
    union all select 'paused', key, count, (select last_request from seen where key = paused.key) from paused
    union all select 'account', key, count, left_ms from account
    union all select 'address', key, count, left_ms from address`;
}

/** @returns the pause in milliseconds that follows the wrong passwords of a row */
function pauseLength({ free, firstSeconds, longestSeconds }: PauseRule) {
  return (row: SQL) => sql`(case when ${row}.count < ${free}::int then 0 else least(
    ${longestSeconds * 1000}::bigint,
    (${firstSeconds * 1000} * power(2, least(${row}.count - ${free}::int, 30)))::bigint
  ) end)`;
}
