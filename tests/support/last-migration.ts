/** Takes back what the last migration in drizzle/ brought, but not its record: a database older by one. */
export const undoLastMigration = 'alter table "user" drop column profile';
