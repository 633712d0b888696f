/** Takes back what the last migration in drizzle/ brought, but not its record: a database older by one. */
export const undoLastMigration = `
  alter table deployment_canary drop column secrets;
  drop index rate_limit_last_request_idx, session_expires_at_idx, verification_expires_at_idx`;
