import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as drizzleKit from 'drizzle-kit/api';
import { expect, test } from 'vitest';
import { migrationsFolder, readMigrations } from '../src/db/migrations.js';
import * as schema from '../src/db/schema.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

interface Snapshot {
  readonly id: string;
}

/** Its own types need a version of zod that is not installed here. */
interface DrizzleKit {
  readonly generateDrizzleJson: (schema: object, previousId?: string) => Snapshot;
  readonly generateMigration: (before: Snapshot, after: Snapshot) => Promise<string[]>;
}

const { generateDrizzleJson, generateMigration } = drizzleKit as unknown as DrizzleKit;
const meta = join(migrationsFolder, 'meta');

function latestSnapshot(): Snapshot {
  const newest = readdirSync(meta)
    .filter((file) => file.endsWith('_snapshot.json'))
    .sort()
    .at(-1);
  return JSON.parse(readFileSync(join(meta, newest ?? ''), 'utf8')) as Snapshot;
}

test('the newest migration leaves nothing of the schema to generate', async () => {
  const snapshot = latestSnapshot();
  expect(await generateMigration(snapshot, generateDrizzleJson(schema, snapshot.id))).toEqual([]);
});

test('every migration of the journal has its file, and every file its entry, in order', () => {
  const tags = readMigrations().map(({ tag }) => tag);
  const files = readdirSync(migrationsFolder).filter((file) => file.endsWith('.sql'));
  expect(files.sort()).toEqual(tags.map((tag) => `${tag}.sql`));
  const times = readMigrations().map(({ when }) => when);
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
});

/** What a database consists of, as PostgreSQL itself describes it. */
async function describe(database: TestDatabase): Promise<Record<string, unknown>[]> {
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

test('the migrations together give the database that the schema describes', async () => {
  const migrated = await createTestDatabase();
  const described = await createTestDatabase({ empty: true });
  const nothing = generateDrizzleJson({});
  for (const statement of await generateMigration(nothing, generateDrizzleJson(schema))) {
    await described.query(statement);
  }
  const live = await describe(migrated);
  expect(live).toEqual(await describe(described));
  const times = live.filter(({ definition }) => String(definition).startsWith('timestamp'));
  expect(times).not.toHaveLength(0);
  expect(times.filter(({ definition }) => !String(definition).includes('with time zone'))).toEqual(
    [],
  );
  await migrated.drop();
  await described.drop();
});
