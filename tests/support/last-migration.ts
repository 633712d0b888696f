/** Reverts the last migration in drizzle/ without its record, for a database that is one migration behind. */
export const undoLastMigration =
  'drop index user_email_prefix_idx; alter table session drop column impersonated_by; alter table "user" drop column role';
