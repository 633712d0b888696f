/** Checks that the live database is what this build needs: reachable, migrated and matching the schema. */
import { sql } from 'drizzle-orm';
import { neonBranch } from './canary.js';
import { tablesOf, type Orm } from './client.js';
import { readExpectedSchema } from './expected-schema.js';
import { readLiveSchema } from './live-schema.js';
import { readApplied, readMigrations, createBaselineSql } from './migrations.js';
import { compareSchema, type SchemaDifference } from './schema-differences.js';

export interface ClockComparison {
  /** This process's time, and the database's at the same moment. */
  readonly ours: Date;
  readonly database: Date;
  /** How far the database's clock is ahead, in milliseconds; negative if behind. Accurate to half a round trip. */
  readonly databaseAheadMs: number;
  /** The minimum difference; zero if the round trip can explain it. */
  readonly differMs: number;
}

export interface DatabaseState {
  readonly serverVersion: string;
  /** Neon's id of the branch, like `br-wild-sun-123`; undefined elsewhere. */
  readonly branch: string | undefined;
  /** One round trip on an open connection, in milliseconds. */
  readonly latencyMs: number;
  /** It accepts no writes (a replica, or a read-only database or role): sign-in, sign-up and sign-out fail. */
  readonly isReadOnly: boolean;
  /** How its clock differs from this process's. */
  readonly clock: ClockComparison;
  /** Tags of this build's migrations that are not applied. */
  readonly pendingMigrations: readonly string[];
  /**
   * SQL that records all migrations as applied, for a database that has the complete schema but no migrations table, as
   * after `drizzle-kit push`: migrating it would fail at the first CREATE TABLE.
   */
  readonly baselineSql: string | undefined;
  /** Number of applied migrations that this build does not know: the database is newer. */
  readonly unknownMigrations: number;
  /** How the live database differs from the schema, in the order in which the differences can be fixed. */
  readonly differences: readonly SchemaDifference[];
}

/** Runs four short queries. @throws the driver's error if the database is unavailable */
export async function readDatabaseState(orm: Orm, now: () => Date): Promise<DatabaseState> {
  const tables = readExpectedSchema(tablesOf(orm));
  const differences = compareSchema(tables, await readLiveSchema(orm, tables));
  const [startedAt, askedAt] = [performance.now(), now()];
  const server = await orm.execute<ServerRow>(sql`
    select current_setting('server_version') as version, ${neonBranch} as branch,
      current_setting('transaction_read_only') = 'on' as is_read_only,
      (extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms`);
  const elapsedMs = performance.now() - startedAt;
  const [row] = server.rows;
  const applied = await readApplied(orm);
  const expected = readMigrations();
  const pending = expected.filter((m) => !applied.includes(m.when));
  const needsBaseline = applied.length === 0 && differences.length === 0;
  return {
    serverVersion: row?.version.split(' ')[0] ?? 'unknown',
    branch: row?.branch ?? undefined,
    latencyMs: Math.round(elapsedMs * 10) / 10,
    isReadOnly: row?.is_read_only === true,
    clock: compareClocks(askedAt, elapsedMs, row?.now_ms ?? askedAt.getTime()),
    pendingMigrations: pending.map((m) => m.tag),
    baselineSql: needsBaseline ? createBaselineSql() : undefined,
    unknownMigrations: applied.filter((when) => expected.every((m) => m.when !== when)).length,
    differences,
  };
}

export function isReady(state: DatabaseState): boolean {
  const { pendingMigrations, differences, isReadOnly } = state;
  return pendingMigrations.length === 0 && differences.length === 0 && !isReadOnly;
}

interface ServerRow extends Record<string, unknown> {
  readonly version: string;
  readonly branch: string | null;
  readonly is_read_only: boolean;
  readonly now_ms: number;
}

/** The database read its clock at some point between request and response (the NTP method, RFC 5905 section 8). */
function compareClocks(askedAt: Date, elapsedMs: number, databaseMs: number): ClockComparison {
  const oursMs = askedAt.getTime() + elapsedMs / 2;
  const aheadMs = databaseMs - oursMs;
  return {
    ours: new Date(oursMs),
    database: new Date(databaseMs),
    databaseAheadMs: Math.round(aheadMs),
    differMs: Math.max(0, Math.round(Math.abs(aheadMs) - elapsedMs / 2)),
  };
}
