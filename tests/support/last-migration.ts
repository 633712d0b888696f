/** Reverts the last migration in drizzle/ without its record, for a database that is one migration behind. */
export const undoLastMigration =
  'alter table "user" drop column delete_after; alter table mailed_link drop column email';
