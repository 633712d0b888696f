/** Events that are to be sent to other systems, and for some days what became of them. */
import { bigint, index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import type { WebhookPayload } from './event-types.js';

const time = (name: string) => timestamp(name, { withTimezone: true });

export const webhookDelivery = pgTable(
  'webhook_delivery',
  {
    /** The order of the events of a user. */
    sequence: bigint('sequence', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** Of the event: the `webhook-id` of every attempt, by which a receiver recognises a repeated one. */
    eventId: text('event_id').notNull(),
    /** SHA-256 of the URL, which may hold a secret of the receiver. */
    endpoint: text('endpoint').notNull(),
    /** No foreign key: the event of a deletion outlives the user. */
    userId: text('user_id'),
    payload: jsonb('payload').$type<WebhookPayload>().notNull(),
    /** `pending`, `sent` or `failed`. */
    state: text('state').notNull(),
    /** Why the last attempt failed, one of reasons.ts. */
    reason: text('reason'),
    attempts: integer('attempts').default(0).notNull(),
    /** Null unless pending. While an instance sends it, the time from which another one may try. */
    nextAttemptAt: time('next_attempt_at'),
    createdAt: time('created_at').notNull(),
    sentAt: time('sent_at'),
  },
  (table) => [
    index('webhook_delivery_next_attempt_at_idx').on(table.nextAttemptAt),
    // Finds earlier events of a user that are not sent yet.
    index('webhook_delivery_user_id_idx').on(table.userId, table.sequence),
    index('webhook_delivery_created_at_idx').on(table.createdAt),
  ],
);
