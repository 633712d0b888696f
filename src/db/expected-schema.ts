/**
 * The schema the live database should have, read from Drizzle's table configuration, the single source of truth.
 * drizzle-kit's `pushSchema` compares too, but it is a development dependency that includes a bundler and prompts
 * interactively; a starting service can use neither.
 */
import { getTableName, is, SQL } from 'drizzle-orm';
import {
  getTableConfig,
  PgDialect,
  PgTable,
  type IndexedColumn,
  type PgColumn,
} from 'drizzle-orm/pg-core';

export interface ExpectedColumn {
  readonly name: string;
  /** As PostgreSQL's format_type writes it, like `timestamp with time zone`. */
  readonly type: string;
  readonly notNull: boolean;
  /** As SQL, like `now()`; undefined if the column has none. */
  readonly default: string | undefined;
}

export interface ExpectedIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
  readonly method: string;
  /** Column → operator class, where it is not the default one. */
  readonly operatorClasses?: Readonly<Record<string, string>>;
  /** Belongs to a UNIQUE constraint. */
  readonly isConstraint: boolean;
}

export interface ExpectedForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly foreignTable: string;
  readonly foreignColumns: readonly string[];
  /** As in SQL, like `cascade`. */
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

/** @param schema the exports of src/db/schema.ts; everything but tables is ignored */
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
        ...operatorClasses(config.columns),
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

function operatorClasses(
  columns: readonly object[],
): Pick<ExpectedIndex, 'operatorClasses'> | undefined {
  const classes = columns.flatMap((column) => {
    const { name, indexConfig } = column as Partial<IndexedColumn>;
    return name !== undefined && indexConfig?.opClass !== undefined
      ? [[name, indexConfig.opClass] as const]
      : [];
  });
  return classes.length === 0 ? undefined : { operatorClasses: Object.fromEntries(classes) };
}

/** An expression index has no column names and would need another comparison; there is none so far. */
function named(name: string | undefined): string {
  if (name === undefined) throw new Error('the comparison only supports named indexes on columns');
  return name;
}

const dialect = new PgDialect();

/** Only database defaults: values that Drizzle fills in do not need one. */
function defaultOf({ default: value }: PgColumn): string | undefined {
  if (value === undefined) return undefined;
  if (is(value, SQL)) return dialect.sqlToQuery(value.inlineParams()).sql;
  return typeof value === 'string' ? dialect.escapeString(value) : JSON.stringify(value);
}
