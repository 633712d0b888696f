/** Whether the live database is what this build needs: reachable, migrated, every table and column there. */
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
  /** `table` or `table.column` that the live database lacks. */
  readonly missing: readonly string[];
}

/** Asks the database four short questions. @throws what the driver throws when it cannot be asked */
export async function readDatabaseState(orm: Orm): Promise<DatabaseState> {
  const version = await orm.execute<{ server_version: string }>(sql`show server_version`);
  const startedAt = performance.now();
  const live = await orm.execute<{ column: string }>(sql`
    select table_name || '.' || column_name as column from information_schema.columns
    where table_schema = current_schema()`);
  const latencyMs = Math.round((performance.now() - startedAt) * 10) / 10;
  const applied = await readApplied(orm);
  const expected = readMigrations();
  return {
    serverVersion: version.rows[0]?.server_version.split(' ')[0] ?? 'unknown',
    latencyMs,
    pendingMigrations: expected.filter((m) => !applied.includes(m.when)).map((m) => m.tag),
    unknownMigrations: applied.filter((when) => expected.every((m) => m.when !== when)).length,
    missing: missingFrom(new Set(live.rows.map((row) => row.column))),
  };
}

export function isReady(state: DatabaseState): boolean {
  return state.pendingMigrations.length === 0 && state.missing.length === 0;
}

function missingFrom(live: ReadonlySet<string>): string[] {
  const tables = Object.values(schema).filter((value) => is(value, PgTable));
  return tables.flatMap((table) => {
    const name = getTableName(table);
    const columns = getTableConfig(table).columns.map((column) => `${name}.${column.name}`);
    const absent = columns.filter((column) => !live.has(column));
    return absent.length === columns.length ? [name] : absent;
  });
}
