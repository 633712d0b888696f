/** The migrations this build expects, as drizzle-kit's journal lists them, and which of them a database has. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { Orm } from './client.js';
import { sqlState } from '../log/error-chain.js';
import { migrationsTableConfig, migrationsTable } from './migrations-table.js';

/** The SQL files; a relative path because sources and build stand equally deep. */
export const migrationsFolder = fileURLToPath(new URL('../../drizzle', import.meta.url));

/** Drizzle's usual one, in which the record stood at first. */
const drizzleDefaultTable = 'drizzle.__drizzle_migrations';

export interface Migration {
  readonly tag: string;
  /** Milliseconds since 1970; Drizzle identifies an applied migration by it. */
  readonly when: number;
}

/** A part of the build was not deployed: no fault of the database, nor of its URL. */
export class BuildIncompleteError extends Error {
  override readonly name = 'BuildIncompleteError';
}

/**
 * In the order they are applied.
 * @throws BuildIncompleteError
 */
export function readMigrations(): Migration[] {
  const file = new URL('../../drizzle/meta/_journal.json', import.meta.url);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    // Without it as a cause: the same ENOENT means a certificate's file where the driver throws it.
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new BuildIncompleteError(
      `drizzle/meta/_journal.json cannot be read (${code}): deploy the folder drizzle/ beside dist/`,
    );
  }
  const journal = JSON.parse(text) as { entries: Migration[] };
  return journal.entries.map(({ tag, when }) => ({ tag, when }));
}

/** When-values of the migrations that a database has; empty for a database that was never migrated. */
export async function readApplied(orm: Pick<Orm, 'execute'>): Promise<number[]> {
  if (!(await exists(orm, migrationsTable))) return [];
  const applied = await orm.execute<{ created_at: string }>(
    sql`select created_at from ${sql.raw(migrationsTable)} order by created_at`,
  );
  return applied.rows.map((row) => Number(row.created_at));
}

/**
 * Takes over what an earlier build recorded in Drizzle's usual table, where nothing stands in ours yet. By when-value,
 * not by hash: Drizzle goes by it alone, and a checkout with other line ends gives other hashes. Where nothing is to
 * be taken over, nothing is created.
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

/** False also where there is no such table, or the role may not read it: another app's record, then. */
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

/** As Drizzle makes it. */
const createMigrationsTable = [
  `CREATE SCHEMA IF NOT EXISTS ${migrationsTableConfig.migrationsSchema}`,
  `CREATE TABLE IF NOT EXISTS ${migrationsTable} (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`,
].join('; ');

/** The SQL that makes Drizzle believe that every migration was applied; its table is made where it is missing. */
export function createBaselineSql(): string {
  const rows = readMigrationFiles({ migrationsFolder }).map(
    ({ hash, folderMillis }) => `('${hash}', ${folderMillis})`,
  );
  return `${createMigrationsTable}; INSERT INTO ${migrationsTable} (hash, created_at) VALUES ${rows.join(', ')}`;
}
