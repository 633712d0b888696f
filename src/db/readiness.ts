/** Whether the live database is what this build needs: reachable, migrated, and shaped as the schema says. */
import { sql } from 'drizzle-orm';
import { neonBranch } from './canary.js';
import type { Orm } from './client.js';
import { readExpectedSchema } from './expected-schema.js';
import { readLiveSchema } from './live-schema.js';
import { readApplied, readMigrations, recordStatement } from './migrations.js';
import * as schema from './schema.js';
import { compareSchema, type SchemaDifference } from './schema-differences.js';

export interface DatabaseState {
  readonly serverVersion: string;
  /** Neon's id of the branch, like `br-wild-sun-123`; undefined elsewhere. */
  readonly branch: string | undefined;
  /** One round trip on an open connection, in milliseconds. */
  readonly latencyMs: number;
  /** Tags of migrations this build has and the database lacks. */
  readonly pendingMigrations: readonly string[];
  /**
   * The SQL that records the migrations of a database that has everything and no record at all, as drizzle-kit push
   * leaves it: migrating such a one fails at the first table.
   */
  readonly unrecorded: string | undefined;
  /** How many migrations the database has that this build does not know: it is newer. */
  readonly unknownMigrations: number;
  /** What the live database lacks or has otherwise, in the order in which it can be mended. */
  readonly differences: readonly SchemaDifference[];
}

/** Asks the database four short questions. @throws what the driver throws when it cannot be asked */
export async function readDatabaseState(orm: Orm): Promise<DatabaseState> {
  const tables = readExpectedSchema(schema);
  const differences = compareSchema(tables, await readLiveSchema(orm, tables));
  const startedAt = performance.now();
  const server = await orm.execute<{ version: string; branch: string | null }>(
    sql`select current_setting('server_version') as version, ${neonBranch} as branch`,
  );
  const latencyMs = Math.round((performance.now() - startedAt) * 10) / 10;
  const applied = await readApplied(orm);
  const expected = readMigrations();
  const pending = expected.filter((m) => !applied.includes(m.when));
  const isUnrecorded = applied.length === 0 && differences.length === 0;
  return {
    serverVersion: server.rows[0]?.version.split(' ')[0] ?? 'unknown',
    branch: server.rows[0]?.branch ?? undefined,
    latencyMs,
    pendingMigrations: pending.map((m) => m.tag),
    unrecorded: isUnrecorded ? recordStatement() : undefined,
    unknownMigrations: applied.filter((when) => expected.every((m) => m.when !== when)).length,
    differences,
  };
}

export function isReady(state: DatabaseState): boolean {
  return state.pendingMigrations.length === 0 && state.differences.length === 0;
}
