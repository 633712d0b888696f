/**
 * Where the record of applied migrations stands: in a schema of our own. Drizzle applies what is later than the last
 * one recorded: in its usual table another app's later migration would make it skip every one of these, and say
 * nothing. Its usual schema may belong to another app's role, which lets nobody else create a table there. The name is
 * one that no role bears: a role's own schema comes first in its search path, and its tables would be made in there.
 */
export const migrationsTableConfig = {
  migrationsSchema: 'auth_service_record',
  migrationsTable: 'migrations',
};
export const migrationsTable = `${migrationsTableConfig.migrationsSchema}.${migrationsTableConfig.migrationsTable}`;
