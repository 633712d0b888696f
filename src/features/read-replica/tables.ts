/** What instances write to the primary, to see from its arrival at a replica how far the replica has come. */
import { index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

export const replicaHeartbeat = pgTable(
  'replica_heartbeat',
  {
    /** Of the instance: each knows only when its own beats were sent, by its own clock. */
    id: text('id').primaryKey(),
    beat: integer('beat').notNull(),
    writtenAt: timestamp('written_at', { withTimezone: true }).notNull(),
  },
  (table) => [index('replica_heartbeat_written_at_idx').on(table.writtenAt)],
);
