/** Reverts the last migration in drizzle/ without its record, for a database that is one migration behind. */
export const undoLastMigration = `alter table session drop column aal, drop column methods,
  drop column proven_at, drop column second_factor_due`;
