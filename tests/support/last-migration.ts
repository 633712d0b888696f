/** Reverts the last migration in drizzle/ without its record, for a database that is one migration behind. */
export const undoLastMigration = `drop table webhook_delivery; drop table audit_event; drop table ended_session;
  alter table "user" drop column locked_at`;
