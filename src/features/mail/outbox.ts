/**
 * The table of mails. An instance claims mails for a minute: it sends them without holding a connection to the database,
 * and no other instance sends them meanwhile. If it dies, they are due again after that minute.
 */
import { and, asc, eq, isNotNull, lte, min, not, sql, type SQL } from 'drizzle-orm';
import type { Orm, OrmOrTransaction } from '../../db/client.js';
import type { MailReason } from './reasons.js';
import { mailOutbox } from './tables.js';

/** Longer than an attempt may take (courier.ts). */
const claimMs = 60_000;

/** Retried for a day, unless its link expires earlier. */
const retryForMs = 86_400_000;

export interface NewMail {
  readonly id: string;
  readonly template: string;
  readonly payload: string;
  readonly userId: string | undefined;
  readonly requestId: string | undefined;
  readonly isDecoy: boolean;
  readonly expiresAt: Date;
}

/** A key in rate_limit, and how many mails it allows in a window. */
export interface MailLimit {
  readonly name: 'recipient' | 'owner' | 'account' | 'network' | 'notice';
  readonly key: string;
  readonly max: number;
}

const limitWindowSeconds = 600;

export type OutboxRow = Pick<
  typeof mailOutbox.$inferSelect,
  | 'id'
  | 'template'
  | 'payload'
  | 'userId'
  | 'requestId'
  | 'state'
  | 'attempts'
  | 'createdAt'
  | 'expiresAt'
>;

const nowMs = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

/**
 * Counts the mail and writes it, in one statement, so that no concurrent request gets past the limit.
 * @returns the limits that it exceeds; it is not sent then
 */
export async function insertMail(
  db: OrmOrTransaction,
  mail: NewMail,
  limits: readonly MailLimit[],
  now: Date,
): Promise<readonly MailLimit['name'][]> {
  const windowMs = limitWindowSeconds * 1000;
  const isOpen = sql`rate_limit.last_request <= ${nowMs}
    and rate_limit.last_request > ${nowMs} - ${windowMs}::bigint`;
  // In one order, so that two statements cannot wait for each other.
  const sorted = [...limits].sort((a, b) => (a.key < b.key ? -1 : 1));
  const rows = sorted.map(
    ({ key, max }) => sql`(gen_random_uuid()::text, ${key}::text, ${max}::int)`,
  );
  const created = now.toISOString();
  const wanted = mail.isDecoy ? 'decoy' : 'pending';
  const isSent = sql`limits.exceeded is null`;
  const { rows: results } = await db.execute<{ exceeded: string | null }>(sql`
    with allowed (id, key, max) as (values ${sql.join(rows, sql`, `)}),
    counted as (
      insert into rate_limit (id, key, count, last_request)
      select id, key, 1, ${nowMs} from allowed
      on conflict (key) do update set
        count = case when ${isOpen} then least(rate_limit.count, 1000) + 1 else 1 end,
        last_request = case when ${isOpen} then rate_limit.last_request else ${nowMs} end
      returning key, count
    ),
    limits as (
      select string_agg(allowed.key, ' ') as exceeded
      from allowed join counted using (key) where counted.count > allowed.max
    ),
    written as (
      insert into mail_outbox (id, template, payload, user_id, request_id, state, reason,
        next_attempt_at, created_at, expires_at)
      select ${mail.id}, ${mail.template}, case when ${isSent} then ${mail.payload} end,
        ${mail.userId ?? null}, ${mail.requestId ?? null},
        case when limits.exceeded is null then ${wanted} else 'limited' end,
        case when limits.exceeded is not null then 'limited' end,
        case when ${isSent} then ${created}::timestamptz end,
        ${created}::timestamptz, ${mail.expiresAt.toISOString()}::timestamptz
      from limits
    )
    select exceeded from limits`);
  const exceeded = results[0]?.exceeded?.split(' ') ?? [];
  return limits.filter(({ key }) => exceeded.includes(key)).map(({ name }) => name);
}

/** After this time the mail is not sent any more. */
export function endOf({ createdAt, expiresAt }: Pick<OutboxRow, 'createdAt' | 'expiresAt'>): Date {
  return new Date(Math.min(createdAt.getTime() + retryForMs, expiresAt.getTime()));
}

const isDecoy = sql`${mailOutbox.state} = 'decoy'`;

/** As `endOf`, in SQL. */
const isOver = (now: Date) =>
  sql`least(${mailOutbox.expiresAt}, ${mailOutbox.createdAt} + interval '24 hours') <= ${now.toISOString()}::timestamptz`;

/**
 * Selects mails that are due and not locked by another instance, oldest first. As an array the query runs once: as a
 * subquery of `in` the planner may run it for each row, which exceeds the limit.
 */
function isDue(orm: OrmOrTransaction, now: Date, atMost: number, condition: SQL): SQL {
  const ids = orm
    .select({ id: mailOutbox.id })
    .from(mailOutbox)
    .where(and(lte(mailOutbox.nextAttemptAt, now), condition))
    .orderBy(asc(mailOutbox.nextAttemptAt))
    .limit(atMost)
    .for('update', { skipLocked: true });
  return sql`${mailOutbox.id} = any(array(${ids}))`;
}

/** Mails that are due, claimed for this instance. */
export async function claimMails(orm: Orm, now: Date, atMost: number): Promise<OutboxRow[]> {
  return orm
    .update(mailOutbox)
    .set({
      attempts: sql`${mailOutbox.attempts} + 1`,
      nextAttemptAt: new Date(now.getTime() + claimMs),
    })
    .where(isDue(orm, now, atMost, not(isOver(now))))
    .returning({
      id: mailOutbox.id,
      template: mailOutbox.template,
      payload: mailOutbox.payload,
      userId: mailOutbox.userId,
      requestId: mailOutbox.requestId,
      state: mailOutbox.state,
      attempts: mailOutbox.attempts,
      createdAt: mailOutbox.createdAt,
      expiresAt: mailOutbox.expiresAt,
    });
}

export type ExpiredMail = Pick<
  OutboxRow,
  'id' | 'template' | 'userId' | 'requestId' | 'state' | 'attempts'
>;

/**
 * Ends mails whose time is over, and wipes what they hold. Not those that an instance is sending: it decides within the
 * minute. @returns them
 */
export async function expireMails(
  orm: OrmOrTransaction,
  now: Date,
  atMost: number,
): Promise<ExpiredMail[]> {
  return orm
    .update(mailOutbox)
    .set({
      ...ended('failed'),
      state: sql`case when ${isDecoy} then ${mailOutbox.state} else 'failed' end`,
      reason: sql`case when ${isDecoy} then null else ${'expired_unsent' satisfies MailReason} end`,
    })
    .where(isDue(orm, now, atMost, isOver(now)))
    .returning({
      id: mailOutbox.id,
      template: mailOutbox.template,
      userId: mailOutbox.userId,
      requestId: mailOutbox.requestId,
      state: mailOutbox.state,
      attempts: mailOutbox.attempts,
    });
}

/** @param state `decoy` stays what it is */
export async function markSent(
  orm: OrmOrTransaction,
  id: string,
  state: 'sent' | 'decoy',
  now: Date,
): Promise<void> {
  await orm
    .update(mailOutbox)
    .set({ ...ended(state), reason: null, sentAt: now })
    .where(eq(mailOutbox.id, id));
}

/**
 * Only if it is still pending: an instance that took longer than its claim does not overwrite another's result.
 * @returns whether it was
 */
export async function markFailed(
  orm: OrmOrTransaction,
  { id, attempts }: Pick<OutboxRow, 'id' | 'attempts'>,
  reason: MailReason,
  nextAttemptAt: Date | undefined,
): Promise<boolean> {
  const change = nextAttemptAt === undefined ? ended('failed') : { nextAttemptAt };
  const isOurs = and(
    eq(mailOutbox.id, id),
    eq(mailOutbox.attempts, attempts),
    isNotNull(mailOutbox.nextAttemptAt),
  );
  const changed = await orm
    .update(mailOutbox)
    .set({ ...change, reason })
    .where(isOurs)
    .returning({ id: mailOutbox.id });
  return changed.length > 0;
}

/** When the next mail is due; undefined if none is pending. */
export async function nextDueAt(orm: Orm): Promise<Date | undefined> {
  const rows = await orm.select({ at: min(mailOutbox.nextAttemptAt) }).from(mailOutbox);
  return rows[0]?.at ?? undefined;
}

function ended(state: 'sent' | 'failed' | 'decoy') {
  return { state, payload: null, nextAttemptAt: null };
}
