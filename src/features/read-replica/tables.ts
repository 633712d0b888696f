/** What instances write to the primary, to see from its arrival at a replica how far the replica has come. */
import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';

export const replicaHeartbeat = pgTable('replica_heartbeat', {
  /** Of the instance: each knows only when its own beats were sent, by its own clock. */
  id: text('id').primaryKey(),
  beat: text('beat').notNull(),
  /**
   * To the hour. No index, and no change with each beat: PostgreSQL then updates the row in place (HOT), and a replica finds
   * it without visiting its former versions.
   */
  writtenAt: timestamp('written_at', { withTimezone: true }).notNull(),
});
