/** Reverts the last migration in drizzle/ without its record, for a database that is one migration behind. */
export const undoLastMigration = `drop table redirect_flow;
  alter table mailed_link drop column address_hash;
  alter table known_device drop constraint known_device_user_id_user_id_fk`;
