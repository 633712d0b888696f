/** Reverts the last migration in drizzle/ without its record, for a database that is one migration behind. */
export const undoLastMigration = 'alter table deployment_canary drop column cookie_policy';
