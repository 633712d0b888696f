/** The outbox: mails that are to be sent, and for a few days what became of them. */
import { index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

const time = (name: string) => timestamp(name, { withTimezone: true });

export const mailOutbox = pgTable(
  'mail_outbox',
  {
    id: text('id').primaryKey(),
    template: text('template').notNull(),
    /** Address, language and data, encrypted with the secret; null once they are not needed any more. */
    payload: text('payload'),
    /** No foreign key: the mail that confirms a deletion must survive the user. */
    userId: text('user_id'),
    requestId: text('request_id'),
    /** `pending`, `sent`, `failed`, `limited`, or `decoy` before and after its rehearsal. */
    state: text('state').notNull(),
    /** Why the last attempt failed, one of reasons.ts. */
    reason: text('reason'),
    attempts: integer('attempts').default(0).notNull(),
    /** Null unless pending, or a decoy that was not rehearsed. While an instance sends the mail, the time from which another one may try. */
    nextAttemptAt: time('next_attempt_at'),
    createdAt: time('created_at').notNull(),
    expiresAt: time('expires_at').notNull(),
    sentAt: time('sent_at'),
  },
  (table) => [
    index('mail_outbox_next_attempt_at_idx').on(table.nextAttemptAt),
    index('mail_outbox_created_at_idx').on(table.createdAt),
  ],
);
