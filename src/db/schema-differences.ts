/**
 * Compares the live database with the expected schema, by effect and not by name: an index recreated under another name
 * is equivalent. Ignores tables, columns and indexes that only the database has.
 */
import type { ExpectedColumn, ExpectedTable } from './expected-schema.js';
import type { LiveColumn, LiveForeignKey, LiveIndex, LiveTable } from './live-schema.js';
import {
  addColumn,
  addForeignKey,
  addIndex,
  addPrimaryKey,
  changeColumn,
  changeType,
  createTable,
  grantSchema,
  grantTableRights,
  showRows,
} from './schema-statements.js';

export interface SchemaDifference {
  /** `table`, or `table.` and a column, index or foreign key: a name from src/db/schema.ts, so no secret. */
  readonly part: string;
  /** What is wrong, for operators only. */
  readonly problem: string;
  /** The SQL that fixes it; run in the order of the differences, because later ones depend on earlier ones. */
  readonly statement: string;
}

type Compare = (expected: ExpectedTable, live: LiveTable) => SchemaDifference[];

/** In the order in which they can be fixed: tables, privileges, columns, keys, indexes, foreign keys. */
export function compareSchema(
  expected: readonly ExpectedTable[],
  live: readonly LiveTable[],
): SchemaDifference[] {
  const liveOf = (table: ExpectedTable) => find(live, table.name) ?? created(table);
  // For a table in a schema that the role may not use, only that is reported; the rest once the role may use it.
  const accessible = expected.filter((table) => liveOf(table).isOpen);
  const compareIndexes: Compare = (table, liveTable) => indexDifferences(table, liveTable, live);
  const inEach = (compare: Compare) => accessible.flatMap((table) => compare(table, liveOf(table)));
  return [
    ...expected
      .filter(({ name }) => find(live, name) === undefined)
      .map((table) => ({
        part: table.name,
        problem: `the table ${table.name} is missing`,
        statement: createTable(table),
      })),
    ...expected.flatMap((table) => rightDifferences(table, liveOf(table))),
    ...inEach(columnDifferences),
    ...inEach(primaryKeyDifferences),
    ...inEach(compareIndexes),
    ...inEach(foreignKeyDifferences),
  ];
}

/** A table after `createTable`, which does not add foreign keys. */
function created({ name, columns, primaryKey, indexes }: ExpectedTable): LiveTable {
  const whole = { primary: false, isWhole: true };
  const key = { ...whole, name: '', columns: primaryKey, unique: true, method: 'btree' };
  return {
    name,
    role: '',
    schema: '',
    isOpen: true,
    missingRights: [],
    isHidden: false,
    columns: columns.map((column) => ({
      ...column,
      default: column.default ?? null,
      isGenerated: false,
    })),
    indexes: [
      { ...key, primary: true, isConstraint: true },
      ...indexes.map((index) => ({ ...index, ...whole })),
    ],
    foreignKeys: [],
  };
}

const or = new Intl.ListFormat('en-GB', { type: 'disjunction' });
const verbs = new Map([
  ['select', 'read'],
  ['insert', 'insert into'],
  ['update', 'update'],
  ['delete', 'delete from'],
]);

/** Missing privileges make checks or sign-ins return 503, or no session found, although all columns are correct. */
function rightDifferences({ name }: ExpectedTable, live: LiveTable): SchemaDifference[] {
  const { role, schema, isOpen, missingRights, isHidden } = live;
  const differences: SchemaDifference[] = [];
  const add = (problem: string, statement: string) =>
    differences.push({ part: name, problem, statement });
  if (!isOpen) {
    const where = `the schema ${schema}, which contains the table ${name}`;
    add(`the role ${role} may not use ${where}`, grantSchema(schema, role));
  }
  if (missingRights.length > 0) {
    const may = or.format(missingRights.map((right) => verbs.get(right) ?? right));
    add(`the role ${role} may not ${may} the table ${name}`, grantTableRights(name, role));
  }
  if (isHidden) {
    const why = 'row level security is enabled and there is no policy';
    add(`the role ${role} sees no rows of the table ${name}: ${why}`, showRows(name));
  }
  return differences;
}

function columnDifferences(expected: ExpectedTable, live: LiveTable): SchemaDifference[] {
  const { name, columns } = expected;
  const differences = columns.flatMap((column) => {
    const found = find(live.columns, column.name);
    if (found !== undefined) return valueDifferences(name, column, found);
    const isLost = column.notNull && column.default === undefined;
    const remark = isLost ? '; if the table has rows, restore its values from a backup' : '';
    const problem = `${name}.${column.name} is missing${remark}`;
    return [{ part: `${name}.${column.name}`, problem, statement: addColumn(name, column) }];
  });
  // A NOT NULL column unknown to this build makes every INSERT fail.
  const unknownRequired = live.columns.filter(
    (column) =>
      column.notNull &&
      column.default === null &&
      !column.isGenerated &&
      find(columns, column.name) === undefined,
  );
  return [
    ...differences,
    ...unknownRequired.map((column) => ({
      part: name,
      problem: `${name}.${column.name} requires a value that this build does not provide`,
      statement: changeColumn(name, column.name, 'DROP NOT NULL'),
    })),
  ];
}

function valueDifferences(table: string, column: ExpectedColumn, live: LiveColumn) {
  const differences: SchemaDifference[] = [];
  const part = `${table}.${column.name}`;
  const add = (problem: string, statement: string) =>
    differences.push({ part, problem: `${part} ${problem}`, statement });
  const change = (to: string) => changeColumn(table, column.name, to);
  const hasType = column.type === live.type;
  if (!hasType) {
    add(`is ${live.type} instead of ${column.type}`, changeType(table, column, live));
  }
  if (column.notNull && !live.notNull) {
    add('may be null; fix rows in which it is null first', change('SET NOT NULL'));
  } else if (!column.notNull && live.notNull) {
    add('must not be null, but should allow null', change('DROP NOT NULL'));
  }
  // Changing the type also sets the default.
  if (hasType && column.default !== undefined && !isSameDefault(column.default, live.default)) {
    add('has a different default, or none', change(`SET DEFAULT ${column.default}`));
  }
  return differences;
}

function isSameDefault(expected: string, live: string | null): boolean {
  return live === expected || (expected === 'now()' && live === 'CURRENT_TIMESTAMP');
}

function primaryKeyDifferences(expected: ExpectedTable, live: LiveTable): SchemaDifference[] {
  const { name, primaryKey } = expected;
  if (primaryKey.length === 0 || live.indexes.some(({ primary }) => primary)) return [];
  const problem = `${name} has no primary key; fix rows with duplicate keys first`;
  return [{ part: name, problem, statement: addPrimaryKey(name, primaryKey) }];
}

function indexDifferences(
  { name: table, indexes }: ExpectedTable,
  live: LiveTable,
  all: readonly LiveTable[],
): SchemaDifference[] {
  return indexes
    .filter((index) => {
      const serves = (found: LiveIndex) =>
        found.isWhole &&
        found.method === index.method &&
        startsWith(found.columns, index.columns) &&
        (!index.unique || (found.unique && found.columns.length === index.columns.length));
      return !live.indexes.some(serves);
    })
    .map((index) => {
      const [namesake] = all.flatMap((owner) => {
        const found = find(owner.indexes, index.name);
        return found === undefined ? [] : [{ table: owner.name, index: found }];
      });
      const kind = index.unique ? 'unique index' : 'index';
      const remark = index.unique ? '; fix rows with duplicate values first' : '';
      const problem = `${table} has no ${kind} on ${index.columns.join(', ')}${remark}`;
      return {
        part: `${table}.${index.name}`,
        problem,
        statement: addIndex(table, index, namesake),
      };
    });
}

function foreignKeyDifferences(expected: ExpectedTable, live: LiveTable): SchemaDifference[] {
  const { name: table, foreignKeys } = expected;
  return foreignKeys.flatMap((key) => {
    const hasSameTarget = (found: LiveForeignKey) =>
      found.foreignTable === key.foreignTable &&
      isEqual(found.columns, key.columns) &&
      isEqual(found.foreignColumns, key.foreignColumns);
    const candidates = live.foreignKeys.filter(hasSameTarget);
    if (candidates.some(({ onDelete, isEnforced }) => isEnforced && onDelete === key.onDelete)) {
      return [];
    }
    const replaced = candidates[0] ?? find(live.foreignKeys, key.name);
    const problem =
      replaced === undefined
        ? `${table} has no foreign key to ${key.foreignTable}; delete rows with dangling references first`
        : `${table}'s foreign key ${replaced.name} does not reference ${key.foreignTable} with ON DELETE ${key.onDelete}`;
    const statement = addForeignKey(table, key, replaced?.name);
    return [{ part: `${table}.${key.name}`, problem, statement }];
  });
}

function find<T extends { readonly name: string }>(parts: readonly T[], name: string) {
  return parts.find((part) => part.name === name);
}

function startsWith(whole: readonly string[], beginning: readonly string[]): boolean {
  return beginning.every((part, position) => whole[position] === part);
}

function isEqual(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && startsWith(left, right);
}
