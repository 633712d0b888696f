/** Whether the live database is what this build needs: reachable, migrated, every table, column and index there. */
import { getTableName, is, sql } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import type { Orm } from './client.js';
import { readApplied, readMigrations } from './migrations.js';
import * as schema from './schema.js';

export interface DatabaseState {
  readonly serverVersion: string;
  /** One round trip on an open connection, in milliseconds. */
  readonly latencyMs: number;
  /** Tags of migrations this build has and the database lacks. */
  readonly pendingMigrations: readonly string[];
  /** How many migrations the database has that this build does not know: it is newer. */
  readonly unknownMigrations: number;
  /** `table`, or `table.` and a column, index or foreign key, that the live database lacks. */
  readonly missing: readonly string[];
}

/** Asks the database four short questions. @throws what the driver throws when it cannot be asked */
export async function readDatabaseState(orm: Orm): Promise<DatabaseState> {
  const live = await orm.execute<{ part: string }>(sql`
    select table_name || '.' || column_name as part from information_schema.columns
      where table_schema = current_schema()
    union all select tablename || '.' || indexname from pg_indexes
      where schemaname = current_schema()
    union all select table_name || '.' || constraint_name from information_schema.table_constraints
      where table_schema = current_schema() and constraint_type = 'FOREIGN KEY'`);
  const startedAt = performance.now();
  const version = await orm.execute<{ server_version: string }>(sql`show server_version`);
  const latencyMs = Math.round((performance.now() - startedAt) * 10) / 10;
  const applied = await readApplied(orm);
  const expected = readMigrations();
  return {
    serverVersion: version.rows[0]?.server_version.split(' ')[0] ?? 'unknown',
    latencyMs,
    pendingMigrations: expected.filter((m) => !applied.includes(m.when)).map((m) => m.tag),
    unknownMigrations: applied.filter((when) => expected.every((m) => m.when !== when)).length,
    missing: missingFrom(new Set(live.rows.map((row) => row.part))),
  };
}

export function isReady(state: DatabaseState): boolean {
  return state.pendingMigrations.length === 0 && state.missing.length === 0;
}

function missingFrom(live: ReadonlySet<string>): string[] {
  const tables = Object.values(schema).filter((value) => is(value, PgTable));
  return tables.flatMap((table) => {
    const name = getTableName(table);
    const config = getTableConfig(table);
    const absent = (parts: (string | undefined)[]) =>
      parts.map((part) => `${name}.${part}`).filter((part) => !live.has(part));
    const columns = absent(config.columns.map((column) => column.name));
    if (columns.length === config.columns.length) return [name];
    return [
      ...columns,
      // Without them two users could share an address, or a deleted user keep a session.
      ...absent(config.columns.filter((c) => c.isUnique).map((c) => c.uniqueName)),
      ...absent(config.indexes.map((index) => index.config.name)),
      ...absent(config.foreignKeys.map((key) => key.getName())),
    ];
  });
}
