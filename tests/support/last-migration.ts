/** Reverts the last migration in drizzle/ without its record, for a database that is one migration behind. */
export const undoLastMigration = `drop table magic_link, known_device;
  alter table mailed_link drop column email; alter table "user" drop column delete_after`;
