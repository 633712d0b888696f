import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as drizzleKit from 'drizzle-kit/api';
import { expect, test } from 'vitest';
import { migrationsFolder, readMigrations } from '../../src/db/migrations.js';
import { allTables } from '../../src/db/all-tables.js';
import { describeDatabase } from '../support/described-database.js';
import { createTestDatabase } from '../support/test-database.js';

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

test('drizzle-kit has nothing to generate after the newest migration', async () => {
  const snapshot = latestSnapshot();
  expect(await generateMigration(snapshot, generateDrizzleJson(allTables, snapshot.id))).toEqual(
    [],
  );
});

test('every journal entry has a file and every file an entry, in order', () => {
  const tags = readMigrations().map(({ tag }) => tag);
  const files = readdirSync(migrationsFolder).filter((file) => file.endsWith('.sql'));
  expect(files.sort()).toEqual(tags.map((tag) => `${tag}.sql`));
  const times = readMigrations().map(({ when }) => when);
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
});

test('all migrations together create the database described by the schema', async () => {
  const migrated = await createTestDatabase();
  const described = await createTestDatabase({ empty: true });
  const nothing = generateDrizzleJson({});
  for (const statement of await generateMigration(nothing, generateDrizzleJson(allTables))) {
    await described.query(statement);
  }
  // The partitions of a table have its columns and indexes; Drizzle does not know partitions.
  const live = (await describeDatabase(migrated)).filter(
    ({ of }) => !/^audit_event_(\d|default)/.test(String(of)),
  );
  expect(JSON.parse(JSON.stringify(live).replaceAll(' ON ONLY ', ' ON '))).toEqual(
    await describeDatabase(described),
  );
  const times = live.filter(({ definition }) => String(definition).startsWith('timestamp'));
  expect(times).not.toHaveLength(0);
  expect(times.filter(({ definition }) => !String(definition).includes('with time zone'))).toEqual(
    [],
  );
  await migrated.drop();
  await described.drop();
});
