/**
 * Compares the live database with what it should be, by effect and not by name: an index somebody built anew under
 * another name is as good. Tables, columns and indexes that only the database has are left alone.
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
  /** What is wrong with it, for the operator alone. */
  readonly problem: string;
  /** The SQL that mends it; executed in the order of the differences, each finds what it needs. */
  readonly statement: string;
}

type Compare = (expected: ExpectedTable, live: LiveTable) => SchemaDifference[];

/** In the order in which they can be mended: tables, the right to read them, columns, keys, indexes, foreign keys. */
export function compareSchema(
  expected: readonly ExpectedTable[],
  live: readonly LiveTable[],
): SchemaDifference[] {
  const liveOf = (table: ExpectedTable) => find(live, table.name) ?? created(table);
  // Of a table in a schema that the role may not use, what else it lacks is told once the role may.
  const reached = expected.filter((table) => liveOf(table).isOpen);
  const compareIndexes: Compare = (table, liveTable) => indexDifferences(table, liveTable, live);
  const inEach = (compare: Compare) => reached.flatMap((table) => compare(table, liveOf(table)));
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

/** As a table stands after `createTable`, which leaves its foreign keys for later. */
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

/** Checks or sign-ins would be a 503, or every session not found, and the columns alone look well. */
function rightDifferences({ name }: ExpectedTable, live: LiveTable): SchemaDifference[] {
  const { role, schema, isOpen, missingRights, isHidden } = live;
  const differences: SchemaDifference[] = [];
  const add = (problem: string, statement: string) =>
    differences.push({ part: name, problem, statement });
  if (!isOpen) {
    const where = `the schema ${schema}, in which the table ${name} stands`;
    add(`the role ${role} may not use ${where}`, grantSchema(schema, role));
  }
  if (missingRights.length > 0) {
    const may = or.format(missingRights.map((right) => verbs.get(right) ?? right));
    add(`the role ${role} may not ${may} the table ${name}`, grantTableRights(name, role));
  }
  if (isHidden) {
    const why = 'its row level security is on, and it has no policy';
    add(`the role ${role} sees no row of the table ${name}: ${why}`, showRows(name));
  }
  return differences;
}

function columnDifferences(expected: ExpectedTable, live: LiveTable): SchemaDifference[] {
  const { name, columns } = expected;
  const differences = columns.flatMap((column) => {
    const found = find(live.columns, column.name);
    if (found !== undefined) return valueDifferences(name, column, found);
    const isLost = column.notNull && column.default === undefined;
    const remark = isLost ? '; with rows in the table its values must come from a backup' : '';
    const problem = `${name}.${column.name} is missing${remark}`;
    return [{ part: `${name}.${column.name}`, problem, statement: addColumn(name, column) }];
  });
  // A column this build does not know and cannot fill would refuse every row it writes.
  const demanding = live.columns.filter(
    (column) =>
      column.notNull &&
      column.default === null &&
      !column.isGenerated &&
      find(columns, column.name) === undefined,
  );
  return [
    ...differences,
    ...demanding.map((column) => ({
      part: name,
      problem: `${name}.${column.name} demands a value that this build does not know`,
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
    add('may be null; rows in which it is must be mended first', change('SET NOT NULL'));
  } else if (!column.notNull && live.notNull) {
    add('may not be null, but should', change('DROP NOT NULL'));
  }
  // With the type its default is set as well.
  if (hasType && column.default !== undefined && !isSameDefault(column.default, live.default)) {
    add('has another default, or none', change(`SET DEFAULT ${column.default}`));
  }
  return differences;
}

function isSameDefault(expected: string, live: string | null): boolean {
  return live === expected || (expected === 'now()' && live === 'CURRENT_TIMESTAMP');
}

function primaryKeyDifferences(expected: ExpectedTable, live: LiveTable): SchemaDifference[] {
  const { name, primaryKey } = expected;
  if (primaryKey.length === 0 || live.indexes.some(({ primary }) => primary)) return [];
  const problem = `${name} has no primary key; rows of the same key must be mended first`;
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
      const remark = index.unique ? '; rows of the same values must be mended first' : '';
      const problem = `${table} has no ${kind} over ${index.columns.join(', ')}${remark}`;
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
    const leadsThere = (found: LiveForeignKey) =>
      found.foreignTable === key.foreignTable &&
      isEqual(found.columns, key.columns) &&
      isEqual(found.foreignColumns, key.foreignColumns);
    const candidates = live.foreignKeys.filter(leadsThere);
    if (candidates.some(({ onDelete, isEnforced }) => isEnforced && onDelete === key.onDelete)) {
      return [];
    }
    const replaced = candidates[0] ?? find(live.foreignKeys, key.name);
    const problem =
      replaced === undefined
        ? `${table} has no foreign key to ${key.foreignTable}; rows that lead nowhere must go first`
        : `${table}'s foreign key ${replaced.name} is not one to ${key.foreignTable} with ON DELETE ${key.onDelete}`;
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
