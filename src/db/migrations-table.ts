/**
 * The table of applied migrations, in a schema of its own. Drizzle applies every migration newer than the last recorded
 * one: in its default table, a newer migration of another app would make it silently skip all of ours. The default
 * schema may also belong to another app's role, which does not let other roles create tables. The schema's name must
 * not be a role's name: a schema named after the role comes first in its search_path and would receive all new tables.
 */
export const migrationsTableConfig = {
  migrationsSchema: 'auth_service_record',
  migrationsTable: 'migrations',
};
export const migrationsTable = `${migrationsTableConfig.migrationsSchema}.${migrationsTableConfig.migrationsTable}`;
