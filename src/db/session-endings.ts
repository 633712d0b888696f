/**
 * The only place that deletes sessions: one statement deletes them and records how they ended, so that a check of their
 * cookie can say it (inspector.ts). tests/auth/session-endings.test.ts finds deletions elsewhere. All times are the
 * database's (compared-clock.ts).
 */
import { hash } from 'node:crypto';
import DataLoader from 'dataloader';
import { sql, type SQL } from 'drizzle-orm';
import type { SessionLifetime } from '../session/lifetime.js';
import type { Proof, SecondFactorDue, Aal } from '../session/proof.js';
import { isEndReason, type EndReason } from '../session/reasons.js';
import type { FindEnding } from '../session/session-end.js';
import type { Orm, OrmOrTransaction } from './client.js';
import { endedSession, session } from './schema.js';

export interface Ending {
  /** Of the sessions that have not expired yet: those that have ended by their own limit. */
  readonly reason: EndReason;
  readonly device?: string | undefined;
  readonly bySession?: string | undefined;
}

type CanExecute = Pick<OrmOrTransaction, 'execute'>;
type Lifetime = Pick<SessionLifetime, 'absoluteSeconds'>;

/** A session that was deleted. */
export interface EndedSession {
  readonly token: string;
  readonly userId: string;
  readonly aal: Aal;
  readonly methods: readonly Proof[];
  readonly due: SecondFactorDue | null;
  /** Whether it was signed in: neither expired nor waiting for a second factor. */
  readonly wasActive: boolean;
}

const keepDays = {
  /** Also after the cookie has expired: a server or a tool may send a copy of it. */
  atLeast: 7,
  /** No browser keeps a cookie longer (RFC 6265bis, section 5.5). */
  atMost: 400,
} as const;

/** The same everywhere in a statement, so that what it returns agrees with what it records. */
const now = sql`statement_timestamp()`;

/**
 * Deletes the sessions and records how they ended, in one statement. What is recorded already stays.
 * @param which condition on rows of `session`
 */
export async function endSessions(
  db: CanExecute,
  which: SQL,
  ending: Ending,
  lifetime: Lifetime,
): Promise<EndedSession[]> {
  const { rows } = await db.execute(sql`
    with gone as (delete from ${session} where ${which} returning *),
    ended as (${recordEnds(sql`gone`, ending, lifetime)})
    select token, user_id as "userId", aal, methods, second_factor_due as due,
      second_factor_due is null and ${isLive(lifetime)} as "wasActive"
    from gone`);
  return rows as unknown as EndedSession[];
}

/**
 * Records how sessions end that the same statement deletes by a foreign key, or whose token it replaces.
 * @param sessions what has their rows, as they were before
 */
export function recordEnds(
  sessions: SQL,
  { reason, device, bySession }: Ending,
  lifetime: Lifetime,
): SQL {
  const hasNotExpired = sql`ends_at > ${now}`;
  const inDays = (days: number) => sql`${now} + make_interval(days => ${days})`;
  const seconds = sql`make_interval(secs => ${lifetime.absoluteSeconds})`;
  return sql`
    insert into ${endedSession}
      (token_hash, reason, ended_at, by_session, by_device, expires_at)
    select encode(sha256(convert_to(token, 'UTF8')), 'hex'),
      case when ${hasNotExpired} then ${reason}
        when second_factor_due is not null then 'session_expired'
        when ends_at > created_at + ${seconds} - interval '1 second' then 'session_absolute'
        else 'session_idle' end,
      greatest(least(ends_at, ${now}), timestamptz 'epoch'),
      case when ${hasNotExpired} then ${bySession ?? null} end,
      case when ${hasNotExpired} then ${device ?? null} end,
      keep_until
    from (
      select *, ${endOf(lifetime)} as ends_at,
        least(
          greatest(expires_at, created_at + ${seconds}, ${inDays(keepDays.atLeast)}),
          ${inDays(keepDays.atMost)}
        ) as keep_until
      from ${sessions}
    ) as one
    on conflict (token_hash) do nothing`;
}

/** The sessions of a user: their own, and those in which they act as somebody else as an operator. */
export function sessionsOf(userId: string): SQL {
  return sql`(${session.userId} = ${userId} or ${session.impersonatedBy} = ${userId})`;
}

/** Whether a row of `session` has not expired yet; it may wait for a second factor. */
export function isLive(lifetime: Lifetime): SQL {
  return sql`${endOf(lifetime)} > ${now}`;
}

/** When a session ends by its own limits, as capExpiry in session/lifetime.ts has it. */
function endOf({ absoluteSeconds }: Lifetime): SQL {
  return sql`least(expires_at, created_at + make_interval(secs => ${absoluteSeconds}))`;
}

/** Concurrent calls share a query. @throws the driver's error */
export function createFindEnding(orm: Orm): FindEnding {
  const loader = new DataLoader(
    async (hashes: readonly string[]) => {
      // One parameter, so that every batch has the same statement text.
      const isOne = sql`${endedSession.tokenHash} = any(${sql.param([...hashes])})`;
      const rows = await orm.select().from(endedSession).where(isOne);
      const byHash = new Map(rows.map((row) => [row.tokenHash, row]));
      return hashes.map((tokenHash) => byHash.get(tokenHash));
    },
    { cache: false, maxBatchSize: 100, batchScheduleFn: (runBatch) => setImmediate(runBatch) },
  );
  return async function findEnding(token) {
    const row = await loader.load(hash('sha256', token, 'hex'));
    if (row === undefined) return undefined;
    const { reason, endedAt, byDevice, bySession } = row;
    return {
      // A newer version of the service may know more reasons.
      reason: isEndReason(reason) ? reason : 'session_revoked',
      at: endedAt,
      device: byDevice ?? undefined,
      bySession: bySession ?? undefined,
    };
  };
}
