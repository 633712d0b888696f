/** Whether the live database is what this build needs: reachable, migrated, and shaped as the schema says. */
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
  /** How much the database's is ahead, in milliseconds; negative: behind. Exact to half a round trip. */
  readonly databaseAheadMs: number;
  /** By how much they differ at least, whichever way the answer took; zero where the round trip explains it. */
  readonly differMs: number;
}

export interface DatabaseState {
  readonly serverVersion: string;
  /** Neon's id of the branch, like `br-wild-sun-123`; undefined elsewhere. */
  readonly branch: string | undefined;
  /** One round trip on an open connection, in milliseconds. */
  readonly latencyMs: number;
  /** It takes no writes, as a replica or a database or role that is set so: nobody can sign in, up or out. */
  readonly isReadOnly: boolean;
  /** How its clock and ours differ. */
  readonly clock: ClockComparison;
  /** Tags of migrations this build has and the database lacks. */
  readonly pendingMigrations: readonly string[];
  /**
   * The SQL that records the migrations of a database that has everything and no record at all, as drizzle-kit push
   * leaves it: migrating such a one fails at the first table.
   */
  readonly baselineSql: string | undefined;
  /** How many migrations the database has that this build does not know: it is newer. */
  readonly unknownMigrations: number;
  /** What the live database lacks or has otherwise, in the order in which it can be mended. */
  readonly differences: readonly SchemaDifference[];
}

/** Asks the database four short questions. @throws what the driver throws when it cannot be asked */
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

/** The database read its clock somewhere between our question and its answer (as NTP reckons, RFC 5905 section 8). */
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
