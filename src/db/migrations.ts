/** Lists the migrations of this build, from drizzle-kit's journal, and reads which of them a database has applied. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { Orm } from './client.js';
import { sqlState } from '../log/error-chain.js';
import { migrationsTableConfig, migrationsTable } from './migrations-table.js';

/** The folder of the SQL files; the relative path works for src/ and dist/, which have the same depth. */
export const migrationsFolder = fileURLToPath(new URL('../../drizzle', import.meta.url));

/** Drizzle's default table, which earlier builds used. */
const drizzleDefaultTable = 'drizzle.__drizzle_migrations';

export interface Migration {
  readonly tag: string;
  /** Milliseconds since 1970; Drizzle identifies applied migrations by it. */
  readonly when: number;
}

/** A part of the build was not deployed; the database and its URL are not at fault. */
export class BuildIncompleteError extends Error {
  override readonly name = 'BuildIncompleteError';
}

/**
 * In the order in which they are applied.
 * @throws BuildIncompleteError
 */
export function readMigrations(): Migration[] {
  const file = new URL('../../drizzle/meta/_journal.json', import.meta.url);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    // Not set as the cause: an ENOENT thrown by the driver means a missing certificate file.
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new BuildIncompleteError(
      `drizzle/meta/_journal.json cannot be read (${code}): deploy the folder drizzle/ next to dist/`,
    );
  }
  const journal = JSON.parse(text) as { entries: Migration[] };
  return journal.entries.map(({ tag, when }) => ({ tag, when }));
}

/** `when` of every applied migration; empty if the database was never migrated. */
export async function readApplied(orm: Pick<Orm, 'execute'>): Promise<number[]> {
  if (!(await exists(orm, migrationsTable))) return [];
  const applied = await orm.execute<{ created_at: string }>(
    sql`select created_at from ${sql.raw(migrationsTable)} order by created_at`,
  );
  return applied.rows.map((row) => Number(row.created_at));
}

/**
 * Copies the rows that an earlier build recorded in Drizzle's default table, if ours is empty. Matches by `when`, not by
 * hash: Drizzle itself only compares `when`, and a checkout with other line endings has other hashes. Creates no table
 * if there is nothing to copy.
 */
export async function importDrizzleMigrations(orm: Pick<Orm, 'execute'>): Promise<void> {
  if ((await readApplied(orm)).length > 0) return;
  const known = readMigrations().map(({ when }) => when);
  const select = `FROM ${drizzleDefaultTable} WHERE created_at IN (${known.join(', ')})`;
  if (!(await findsRows(orm, `SELECT 1 ${select}`))) return;
  await orm.execute(
    sql.raw(`${createMigrationsTable}; INSERT INTO ${migrationsTable} (hash, created_at)
      SELECT hash, created_at ${select} ORDER BY created_at`),
  );
}

/** False also if the table does not exist, or the role may not read it and it belongs to another app. */
async function findsRows(orm: Pick<Orm, 'execute'>, select: string): Promise<boolean> {
  try {
    return (await orm.execute(sql.raw(select))).rows.length > 0;
  } catch (error) {
    // undefined_table, insufficient_privilege
    if (['42P01', '42501'].includes(sqlState(error) ?? '')) return false;
    throw error;
  }
}

async function exists(orm: Pick<Orm, 'execute'>, table: string): Promise<boolean> {
  const { rows } = await orm.execute<{ found: boolean }>(
    sql`select to_regclass(${table}) is not null as found`,
  );
  return rows[0]?.found === true;
}

/** Same definition as Drizzle's. */
const createMigrationsTable = [
  `CREATE SCHEMA IF NOT EXISTS ${migrationsTableConfig.migrationsSchema}`,
  `CREATE TABLE IF NOT EXISTS ${migrationsTable} (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`,
].join('; ');

/** The SQL that records every migration as applied, creating the migrations table if it is missing. */
export function createBaselineSql(): string {
  const rows = readMigrationFiles({ migrationsFolder }).map(
    ({ hash, folderMillis }) => `('${hash}', ${folderMillis})`,
  );
  return `${createMigrationsTable}; INSERT INTO ${migrationsTable} (hash, created_at) VALUES ${rows.join(', ')}`;
}
