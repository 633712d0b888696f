/** The structure of a database as described by PostgreSQL, to compare two databases. */
import type { TestDatabase } from './test-database.js';

export function describeDatabase(database: TestDatabase): Promise<Record<string, unknown>[]> {
  return database.query(`
    select table_name as of, column_name as name,
        concat_ws(' ', data_type, is_nullable, column_default) as definition
      from information_schema.columns where table_schema = 'public'
    union all select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'
    union all select relname, conname, pg_get_constraintdef(con.oid)
      from pg_constraint con join pg_class on pg_class.oid = conrelid
      where connamespace = 'public'::regnamespace
    order by 1, 2, 3`);
}
