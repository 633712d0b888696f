/** Builds the SQL that creates or changes a part of the schema, in drizzle-kit's style. */
import type {
  ExpectedColumn,
  ExpectedForeignKey,
  ExpectedIndex,
  ExpectedTable,
} from './expected-schema.js';
import type { LiveColumn, LiveIndex } from './live-schema.js';

/** Quotes any identifier. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function list(names: readonly string[]): string {
  return names.map(quoted).join(', ');
}

/** Includes keys and indexes; foreign keys are added once every table exists. */
export function createTable({ name, columns, primaryKey, indexes }: ExpectedTable): string {
  const constraints = indexes.filter(({ isConstraint }) => isConstraint).map(uniqueClause);
  const key = primaryKey.length === 0 ? [] : [primaryKeyClause(primaryKey)];
  const parts = [...columns.map(columnClause), ...key, ...constraints];
  const standalone = indexes.filter(({ isConstraint }) => !isConstraint);
  const create = `CREATE TABLE ${quoted(name)} (${parts.join(', ')})`;
  return [create, ...standalone.map((index) => createIndex(name, index))].join('; ');
}

/** Both parameters already quoted as in SQL. */
export function grantSchema(schema: string, role: string): string {
  return `GRANT USAGE ON SCHEMA ${schema} TO ${role}`;
}

/** @param role already quoted as in SQL */
export function grantTableRights(table: string, role: string): string {
  return `GRANT SELECT, INSERT, UPDATE, DELETE ON ${quoted(table)} TO ${role}`;
}

export function showRows(table: string): string {
  return `ALTER TABLE ${quoted(table)} DISABLE ROW LEVEL SECURITY`;
}

export function addColumn(table: string, column: ExpectedColumn): string {
  return `ALTER TABLE ${quoted(table)} ADD COLUMN ${columnClause(column)}`;
}

export function changeType(table: string, column: ExpectedColumn, live: LiveColumn): string {
  const alter = `ALTER COLUMN ${quoted(column.name)}`;
  // Drivers send times with an offset, which a column without time zone drops; servers run in UTC.
  const isZoneless = live.type.startsWith('timestamp') && live.type.endsWith('without time zone');
  const using =
    isZoneless && column.type === 'timestamp with time zone'
      ? `${quoted(column.name)} AT TIME ZONE 'UTC'`
      : `${quoted(column.name)}::${column.type}`;
  return `ALTER TABLE ${quoted(table)} ${[
    // PostgreSQL would have to cast the old default too, which fails for most types.
    ...(live.default === null ? [] : [`${alter} DROP DEFAULT`]),
    `${alter} SET DATA TYPE ${column.type} USING ${using}`,
    ...(column.default === undefined ? [] : [`${alter} SET DEFAULT ${column.default}`]),
  ].join(', ')}`;
}

export function changeColumn(table: string, column: string, change: string): string {
  return `ALTER TABLE ${quoted(table)} ALTER COLUMN ${quoted(column)} ${change}`;
}

export function addPrimaryKey(table: string, columns: readonly string[]): string {
  return `ALTER TABLE ${quoted(table)} ADD ${primaryKeyClause(columns)}`;
}

/** @param namesake an existing index of that name, on any table, with another definition */
export function addIndex(
  table: string,
  index: ExpectedIndex,
  namesake: { readonly table: string; readonly index: LiveIndex } | undefined,
): string {
  const create = index.isConstraint
    ? `ALTER TABLE ${quoted(table)} ADD ${uniqueClause(index)}`
    : createIndex(table, index);
  if (namesake === undefined) return create;
  const drop = namesake.index.isConstraint
    ? `ALTER TABLE ${quoted(namesake.table)} DROP CONSTRAINT ${quoted(index.name)}`
    : `DROP INDEX ${quoted(index.name)}`;
  return `${drop}; ${create}`;
}

/** @param replaced the name of an existing foreign key to replace, which has another rule */
export function addForeignKey(
  table: string,
  key: ExpectedForeignKey,
  replaced: string | undefined,
): string {
  const drop = replaced === undefined ? '' : `DROP CONSTRAINT ${quoted(replaced)}, `;
  return (
    `ALTER TABLE ${quoted(table)} ${drop}ADD CONSTRAINT ${quoted(key.name)} ` +
    `FOREIGN KEY (${list(key.columns)}) REFERENCES ${quoted(key.foreignTable)}(${list(key.foreignColumns)}) ` +
    `ON DELETE ${key.onDelete} ON UPDATE ${key.onUpdate}`
  );
}

function columnClause({ name, type, notNull, default: value }: ExpectedColumn): string {
  const withDefault = value === undefined ? '' : ` DEFAULT ${value}`;
  return `${quoted(name)} ${type}${withDefault}${notNull ? ' NOT NULL' : ''}`;
}

function primaryKeyClause(columns: readonly string[]): string {
  return `PRIMARY KEY (${list(columns)})`;
}

function uniqueClause({ name, columns }: ExpectedIndex): string {
  return `CONSTRAINT ${quoted(name)} UNIQUE(${list(columns)})`;
}

function createIndex(
  table: string,
  { name, columns, unique, method, operatorClasses = {} }: ExpectedIndex,
): string {
  const kind = unique ? 'UNIQUE INDEX' : 'INDEX';
  const keys = columns.map((column) =>
    [quoted(column), operatorClasses[column] ?? []].flat().join(' '),
  );
  return `CREATE ${kind} ${quoted(name)} ON ${quoted(table)} USING ${method} (${keys.join(', ')})`;
}
