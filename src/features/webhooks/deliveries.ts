/**
 * The table of deliveries. As in the outbox of mails, an instance claims deliveries for a minute and sends them without
 * holding a connection. An event waits until the earlier ones of its user are sent to the same receiver.
 */
import { and, eq, gte, inArray, isNotNull, min, sql, type SQL } from 'drizzle-orm';
import type { Orm, OrmOrTransaction } from '../../db/client.js';
import type { Endpoint } from './feature.js';
import type { WebhookPayload } from './event-types.js';
import type { WebhookReason } from './reasons.js';
import { webhookDelivery } from './tables.js';

/** Longer than an attempt may take (courier.ts). */
const claimMs = 60_000;

export interface NewDelivery {
  readonly eventId: string;
  readonly userId: string | null;
  readonly payload: WebhookPayload;
}

export type Delivery = Pick<
  typeof webhookDelivery.$inferSelect,
  'sequence' | 'eventId' | 'endpoint' | 'payload' | 'attempts' | 'createdAt'
>;

export async function insertDeliveries(
  db: Pick<OrmOrTransaction, 'insert'>,
  deliveries: readonly NewDelivery[],
  endpoints: readonly Pick<Endpoint, 'hash'>[],
  now: Date,
): Promise<void> {
  const rows = deliveries.flatMap((delivery) =>
    endpoints.map(({ hash: endpoint }) => ({
      ...delivery,
      endpoint,
      state: 'pending',
      nextAttemptAt: now,
      createdAt: now,
    })),
  );
  await db.insert(webhookDelivery).values(rows);
}

/** Deliveries that are due, the oldest first, claimed for this instance. */
export async function claimDeliveries(orm: Orm, now: Date, atMost: number): Promise<Delivery[]> {
  const time = sql`${now.toISOString()}::timestamptz`;
  // As an array the query runs once: as a subquery of `in` the planner may run it for each row.
  const ids = sql`array(
    select due.sequence from ${webhookDelivery} due
    where due.next_attempt_at <= ${time} and not exists (
      select from ${webhookDelivery} earlier
      where earlier.user_id = due.user_id and earlier.sequence < due.sequence
        and earlier.endpoint = due.endpoint and earlier.next_attempt_at is not null
    )
    order by due.next_attempt_at limit ${atMost} for update of due skip locked
  )`;
  return orm
    .update(webhookDelivery)
    .set({
      attempts: sql`${webhookDelivery.attempts} + 1`,
      nextAttemptAt: new Date(now.getTime() + claimMs),
    })
    .where(sql`${webhookDelivery.sequence} = any(${ids})`)
    .returning({
      sequence: webhookDelivery.sequence,
      eventId: webhookDelivery.eventId,
      endpoint: webhookDelivery.endpoint,
      payload: webhookDelivery.payload,
      attempts: webhookDelivery.attempts,
      createdAt: webhookDelivery.createdAt,
    });
}

export async function markSent(orm: Orm, { sequence }: Delivery, now: Date): Promise<void> {
  await orm
    .update(webhookDelivery)
    .set({ state: 'sent', reason: null, nextAttemptAt: null, sentAt: now })
    .where(eq(webhookDelivery.sequence, sequence));
}

/**
 * Only if it is still this attempt's: an instance that took longer than its claim does not overwrite another's result.
 * @param nextAttemptAt undefined if it has failed for good
 */
export async function markFailed(
  orm: Orm,
  { sequence, attempts }: Delivery,
  reason: WebhookReason,
  nextAttemptAt: Date | undefined,
): Promise<void> {
  const change =
    nextAttemptAt === undefined ? { state: 'failed', nextAttemptAt: null } : { nextAttemptAt };
  const isOurs = and(
    eq(webhookDelivery.sequence, sequence),
    eq(webhookDelivery.attempts, attempts),
    isNotNull(webhookDelivery.nextAttemptAt),
  );
  await orm
    .update(webhookDelivery)
    .set({ ...change, reason })
    .where(isOurs);
}

/** When the next delivery is due; undefined if none is pending. */
export async function nextDueAt(orm: Orm): Promise<Date | undefined> {
  const rows = await orm.select({ at: min(webhookDelivery.nextAttemptAt) }).from(webhookDelivery);
  return rows[0]?.at ?? undefined;
}

export interface Replay {
  /** From this time on. */
  readonly since?: Date | undefined;
  readonly eventId?: string | undefined;
  /** Also those that were sent. */
  readonly includeSent: boolean;
}

/** Makes deliveries due again, with the same ids. @returns how many */
export async function replay(
  orm: Pick<Orm, 'update'>,
  { since, eventId, includeSent }: Replay,
  now: Date,
): Promise<number> {
  const conditions: (SQL | undefined)[] = [
    inArray(webhookDelivery.state, includeSent ? ['failed', 'sent'] : ['failed']),
    since && gte(webhookDelivery.createdAt, since),
    eventId === undefined ? undefined : eq(webhookDelivery.eventId, eventId),
  ];
  const again = { state: 'pending', reason: null, attempts: 0, nextAttemptAt: now };
  const { rowCount } = await orm
    .update(webhookDelivery)
    .set({ ...again, createdAt: now })
    .where(and(...conditions));
  return rowCount ?? 0;
}
