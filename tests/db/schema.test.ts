import { getTableColumns, is } from 'drizzle-orm';
import { getTableConfig, PgTable, PgTimestamp } from 'drizzle-orm/pg-core';
import { getAuthTables } from 'better-auth/db';
import { expect, test } from 'vitest';
import { allTables } from '../../src/db/all-tables.js';
import * as featureTables from '../../src/features/tables.js';
import { everyFeatureOn } from '../support/every-feature.js';
import { optionsFor } from '../support/options-for.js';

const { options } = await optionsFor(everyFeatureOn);
const expected = getAuthTables(options);
type Field = (typeof expected)[string]['fields'][string];

/** Tables of features' own; the tables of their plugins are in BetterAuth's schema as well. */
const ownOfFeatures = Object.entries(featureTables).flatMap(([name, table]) =>
  name in expected ? [] : [table],
);
const notOfBetterAuth: readonly PgTable[] = [
  allTables.deploymentCanary,
  allTables.endedSession,
  allTables.mailedLink,
  ...ownOfFeatures,
];

const ours = Object.fromEntries(
  Object.entries(allTables).flatMap(([name, table]) =>
    is(table, PgTable) && !notOfBetterAuth.includes(table) ? [[name, table]] : [],
  ),
);

const columnTypes: Record<string, string[]> = {
  string: ['PgText'],
  boolean: ['PgBoolean'],
  date: ['PgTimestamp'],
  json: ['PgJsonb'],
  number: ['PgInteger', 'PgBigInt53'],
};

const fields = Object.entries(expected).flatMap(([table, { fields }]) =>
  Object.entries(fields).map(([name, field]) => [`${table}.${name}`, table, name, field] as const),
);

test('the schema has exactly BetterAuth’s tables', () => {
  expect(Object.keys(ours).sort()).toEqual(Object.keys(expected).sort());
});

test.each(fields)(
  '%s has the definition BetterAuth expects',
  (_title, tableName, name, field: Field) => {
    const table: PgTable = ours[tableName] ?? allTables.user;
    const column = getTableColumns(table)[name];
    expect(column, 'its property carries the name of the field').toBeDefined();
    expect(columnTypes[String(field.type)]).toContain(column?.columnType);
    expect(column?.notNull).toBe(field.required !== false);
    expect(column?.isUnique).toBe(field.unique === true);
    const keys = getTableConfig(table).foreignKeys.filter((key) =>
      key.reference().columns.some((own) => own === column),
    );
    expect(keys).toHaveLength(field.references === undefined ? 0 : 1);
    for (const key of keys) {
      const { foreignTable, foreignColumns } = key.reference();
      expect(foreignTable).toBe(ours[field.references?.model ?? '']);
      expect(foreignColumns.map((foreign) => foreign.name)).toEqual([field.references?.field]);
      expect(key.onDelete).toBe('cascade');
    }
    if (field.index === true) expect(indexedColumns(table)).toContain(column?.name);
  },
);

test('the tables have no columns unknown to BetterAuth, except id', () => {
  for (const [name, table] of Object.entries(ours)) {
    const known = Object.keys(expected[name]?.fields ?? {});
    expect(Object.keys(getTableColumns(table)).sort()).toEqual(['id', ...known].sort());
  }
});

test('every timestamp has a time zone, so that servers in other time zones read it correctly', () => {
  for (const table of [...Object.values(ours), ...notOfBetterAuth]) {
    const times = getTableConfig(table).columns.filter((column) => is(column, PgTimestamp));
    expect(times.filter((column) => !column.withTimezone)).toEqual([]);
  }
});

test('an account is unique per provider', () => {
  const unique = getTableConfig(allTables.account).indexes.filter(({ config }) => config.unique);
  expect(unique.map(({ config }) => config.columns.map(nameOf))).toEqual([
    ['provider_id', 'account_id'],
  ]);
});

const nameOf = (column: object) => ('name' in column ? column.name : undefined);

/** The first column of each index. */
function indexedColumns(table: PgTable): unknown[] {
  return getTableConfig(table).indexes.map(({ config }) => nameOf(config.columns[0] ?? {}));
}
