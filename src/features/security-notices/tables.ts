/** From which devices a user has signed in: the browser's name and the network, both as in the session's row. */
import { index, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { user } from '../../db/schema.js';

export const knownDevice = pgTable(
  'known_device',
  {
    userId: text('user_id')
      .notNull()
      // However an account is deleted, where its user signed in from is deleted with it.
      .references(() => user.id, { onDelete: 'cascade' }),
    /** Such as `Firefox (Linux)`; `unknown` for other programs. */
    browser: text('browser').notNull(),
    /** Such as `203.0.113.0/24`. */
    network: text('network').notNull(),
    seenAt: timestamp('seen_at', { withTimezone: true }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.browser, table.network] }),
    index('known_device_seen_at_idx').on(table.seenAt),
  ],
);
