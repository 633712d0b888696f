/**
 * What the live database should consist of: read from Drizzle's own table configuration, so that there is one truth.
 * drizzle-kit's `pushSchema` compares as well, but it is a development dependency that brings a bundler, and it asks
 * questions; a service that starts must do neither.
 */
import { getTableName, is, SQL } from 'drizzle-orm';
import { getTableConfig, PgDialect, PgTable, type PgColumn } from 'drizzle-orm/pg-core';

export interface ExpectedColumn {
  readonly name: string;
  /** As PostgreSQL's format_type writes it, like `timestamp with time zone`. */
  readonly type: string;
  readonly notNull: boolean;
  /** As SQL, like `now()`; undefined where the column has none. */
  readonly default: string | undefined;
}

export interface ExpectedIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
  readonly method: string;
  /** Belongs to a UNIQUE constraint instead of standing alone. */
  readonly isConstraint: boolean;
}

export interface ExpectedForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly foreignTable: string;
  readonly foreignColumns: readonly string[];
  /** In SQL's words, like `cascade`. */
  readonly onDelete: string;
  readonly onUpdate: string;
}

export interface ExpectedTable {
  readonly name: string;
  readonly columns: readonly ExpectedColumn[];
  readonly primaryKey: readonly string[];
  readonly indexes: readonly ExpectedIndex[];
  readonly foreignKeys: readonly ExpectedForeignKey[];
}

/** @param schema what src/db/schema.ts exports; all but its tables is passed over */
export function readExpectedSchema(schema: Readonly<Record<string, unknown>>): ExpectedTable[] {
  return Object.values(schema)
    .filter((part) => is(part, PgTable))
    .map(readTable);
}

function readTable(table: PgTable): ExpectedTable {
  const { columns, indexes, uniqueConstraints, foreignKeys } = getTableConfig(table);
  return {
    name: getTableName(table),
    columns: columns.map((column) => ({
      name: column.name,
      type: column.getSQLType(),
      notNull: column.notNull,
      default: defaultOf(column),
    })),
    primaryKey: columns.filter((column) => column.primary).map(nameOf),
    indexes: [
      ...columns
        .filter((column) => column.isUnique)
        .map((column) => uniqueConstraint(column.uniqueName, [column.name])),
      ...uniqueConstraints.map((unique) =>
        uniqueConstraint(unique.getName(), unique.columns.map(nameOf)),
      ),
      ...indexes.map(({ config }) => ({
        name: named(config.name),
        columns: config.columns.map((column) => named('name' in column ? column.name : undefined)),
        unique: config.unique,
        method: config.method ?? 'btree',
        isConstraint: false,
      })),
    ],
    foreignKeys: foreignKeys.map((key) => {
      const { columns: own, foreignColumns, foreignTable } = key.reference();
      return {
        name: key.getName(),
        columns: own.map(nameOf),
        foreignTable: getTableName(foreignTable),
        foreignColumns: foreignColumns.map(nameOf),
        onDelete: key.onDelete ?? 'no action',
        onUpdate: key.onUpdate ?? 'no action',
      };
    }),
  };
}

function uniqueConstraint(name: string | undefined, columns: readonly string[]): ExpectedIndex {
  return { name: named(name), columns, unique: true, method: 'btree', isConstraint: true };
}

function nameOf({ name }: Pick<PgColumn, 'name'>): string {
  return name;
}

/** An index over an expression has no column names and would have to be compared otherwise; there is none so far. */
function named(name: string | undefined): string {
  if (name === undefined) throw new Error('the comparison knows named indexes over columns alone');
  return name;
}

const dialect = new PgDialect();

/** Of the database's defaults alone: what Drizzle fills in by itself needs none. */
function defaultOf({ default: value }: PgColumn): string | undefined {
  if (value === undefined) return undefined;
  if (is(value, SQL)) return dialect.sqlToQuery(value.inlineParams()).sql;
  return typeof value === 'string' ? dialect.escapeString(value) : JSON.stringify(value);
}
