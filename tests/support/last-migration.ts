/** Reverts the last migration in drizzle/ without its record, for a database that is one migration behind. */
export const undoLastMigration = `drop table webhook_delivery; drop table replica_heartbeat; drop table audit_event; drop table ended_session;
  drop index user_email_prefix_idx; drop index user_role_idx;
  drop index session_impersonated_by_idx; alter table session drop column impersonated_by;
  alter table "user" drop column role; alter table "user" drop column locked_at`;
