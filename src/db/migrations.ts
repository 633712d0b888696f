/** The migrations this build expects, as drizzle-kit's journal lists them, and which of them a database has. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { Orm } from './client.js';

/** The SQL files; a relative path because sources and build stand equally deep. */
export const migrationsFolder = fileURLToPath(new URL('../../drizzle', import.meta.url));

export interface Migration {
  readonly tag: string;
  /** Milliseconds since 1970; Drizzle identifies an applied migration by it. */
  readonly when: number;
}

/** In the order they are applied. */
export function readMigrations(): Migration[] {
  const file = new URL('../../drizzle/meta/_journal.json', import.meta.url);
  const journal = JSON.parse(readFileSync(file, 'utf8')) as { entries: Migration[] };
  return journal.entries.map(({ tag, when }) => ({ tag, when }));
}

/** When-values of the migrations that a database has; empty for a database that was never migrated. */
export async function readApplied(orm: Pick<Orm, 'execute'>): Promise<number[]> {
  const exists = await orm.execute<{ found: boolean }>(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as found`,
  );
  if (exists.rows[0]?.found !== true) return [];
  const applied = await orm.execute<{ created_at: string }>(
    sql`select created_at from drizzle.__drizzle_migrations order by created_at`,
  );
  return applied.rows.map((row) => Number(row.created_at));
}

/** The SQL that makes Drizzle believe that every migration was applied; its table is made where it is missing. */
export function recordStatement(): string {
  const table = '"drizzle"."__drizzle_migrations"';
  const rows = readMigrationFiles({ migrationsFolder }).map(
    ({ hash, folderMillis }) => `('${hash}', ${folderMillis})`,
  );
  return [
    'CREATE SCHEMA IF NOT EXISTS "drizzle"',
    `CREATE TABLE IF NOT EXISTS ${table} (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`,
    `INSERT INTO ${table} ("hash", "created_at") VALUES ${rows.join(', ')}`,
  ].join('; ');
}
