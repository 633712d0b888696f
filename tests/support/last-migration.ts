/** Reverts the last migration in drizzle/ without its record, for a database that is one migration behind. */
export const undoLastMigration = `drop table trusted_device; drop table backup_code;
  drop table totp_secret; alter table "user" drop column two_factor_enabled`;
