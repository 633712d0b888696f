/**
 * The version before a migration must work on the schema after it: while instances are replaced, and after a downgrade.
 * Each statement of each migration only adds what that version need not know. tests/downgrade runs an older version.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migrationsFolder, readMigrations } from '../../src/db/migrations.js';

/** Older ones are part of every database that is in use. */
const firstChecked = '0010_session_proofs';

/** Statements that break the rule, by migration, each with the reason why the version before works all the same. */
const exceptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '0014_operations': {
    [`DO $$
DECLARE
	month timestamp := date_trunc('month', now() AT TIME ZONE 'UTC');
BEGIN
	FOR ahead IN 0..2 LOOP
		EXECUTE format(
			'CREATE TABLE %I PARTITION OF "audit_event" FOR VALUES FROM (%L) TO (%L)',
			'audit_event_' || to_char(month, 'YYYY_MM'),
			to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00',
			to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00'
		);
		month := month + interval '1 month';
	END LOOP;
END $$;`]: 'creates partitions of the new table audit_event',
  },
};

/** @returns the statements that an older version could fail at */
function findBreaking(migration: string): string[] {
  const statements = migration
    .split('--> statement-breakpoint')
    .map((statement) => statement.replace(/^\s*--.*$/gm, '').trim())
    .filter((statement) => statement !== '');
  const newTables = new Set<string>();
  const newColumns = new Set<string>();
  return statements.filter((statement) => !isAdditive(statement, newTables, newColumns));
}

/** Records the tables and columns that the statement creates. */
function isAdditive(statement: string, newTables: Set<string>, newColumns: Set<string>): boolean {
  const isNew = (table: string | undefined) => table !== undefined && newTables.has(table);
  if (/;\s*\S/.test(statement.replace(/'[^']*'/g, ''))) return false; // several statements in one
  const created = /^CREATE TABLE "(\w+)"/.exec(statement);
  if (created !== null) {
    newTables.add(created[1] ?? '');
    return true;
  }
  // The older version does not write the column, so it must have a value without that.
  const column = /^ALTER TABLE "(\w+)" ADD COLUMN "(\w+)" (.*)$/s.exec(statement);
  if (column !== null) {
    const [, table, name, definition = ''] = column;
    newColumns.add(`${table}.${name}`);
    const isRequired = /\bNOT NULL\b/.test(definition) && !/\bDEFAULT\b/.test(definition);
    return (
      isNew(table) || (!isRequired && !/\b(UNIQUE|CHECK|REFERENCES|PRIMARY)\b/.test(definition))
    );
  }
  // A constraint refuses rows that the older version writes.
  const constraint = /^ALTER TABLE "(\w+)" ADD CONSTRAINT /.exec(statement);
  if (constraint !== null) return isNew(constraint[1]);
  const index = /^CREATE (UNIQUE )?INDEX "\w+" ON "(\w+)"/.exec(statement);
  if (index !== null) return index[1] === undefined || isNew(index[2]);
  const update = /^UPDATE "(\w+)" SET "(\w+)" = [^,]*$/.exec(statement);
  return update !== null && newColumns.has(`${update[1]}.${update[2]}`);
}

const tags = readMigrations().map(({ tag }) => tag);
const checked = tags.slice(tags.indexOf(firstChecked));

test.each(checked)('%s only adds', (tag) => {
  const breaking = findBreaking(readFileSync(join(migrationsFolder, `${tag}.sql`), 'utf8'));
  expect(breaking).toEqual(Object.keys(exceptions[tag] ?? {}));
});

test('the first checked migration exists, and so does each that has exceptions', () => {
  expect(tags).toContain(firstChecked);
  for (const tag of Object.keys(exceptions)) expect(checked).toContain(tag);
});

test.each([
  'DROP TABLE "session";',
  'ALTER TABLE "session" DROP COLUMN "ip_address";',
  'ALTER TABLE "session" RENAME COLUMN "token" TO "key";',
  'ALTER TABLE "session" ALTER COLUMN "ip_address" SET NOT NULL;',
  'ALTER TABLE "session" ALTER COLUMN "token" SET DATA TYPE bigint;',
  'ALTER TABLE "session" ADD COLUMN "level" integer NOT NULL;',
  'ALTER TABLE "session" ADD COLUMN "level" integer UNIQUE;',
  'ALTER TABLE "session" ADD COLUMN "level" text; DROP TABLE "session";',
  'ALTER TABLE "session" ADD CONSTRAINT "one" UNIQUE("user_id");',
  'CREATE UNIQUE INDEX "one" ON "session" USING btree ("user_id");',
  'UPDATE "session" SET "token" = \'\';',
  'DELETE FROM "session";',
])('would not pass: %s', (statement) => {
  expect(findBreaking(`-- a comment\n${statement}`)).toHaveLength(1);
});
