/** Reverts the last migration in drizzle/ without its record, for a database that is one migration behind. */
export const undoLastMigration = `alter table mailed_link drop column email_proven;
  alter table totp_secret drop column confirmed_at`;
