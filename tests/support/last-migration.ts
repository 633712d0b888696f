/** Reverts the last migration in drizzle/ without its record, for a database that is one migration behind. */
export const undoLastMigration = 'drop table webhook_delivery';
