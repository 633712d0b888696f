/** Names an SQL statement by its operation and table: never a value, and few names. */

export interface StatementName {
  /** `SELECT session`, the name of its span. */
  readonly summary: string;
  readonly operation: string;
  readonly table: string | undefined;
}

/** Bounds memory: a list of values makes a statement's text depend on its length. */
const maxTexts = 500;
/** The service's statements name their table early; scanning more would only cost time. */
const scannedLength = 4_000;

const operations = /\b(select|insert|update|delete|begin|commit|rollback|savepoint|set)\b/i;
const tables = /\b(?:from|into|update|only)\s+(?:"?\w+"?\.)?"?([a-z_]\w*)"?/i;

export function createStatementNames(): (text: string) => StatementName {
  const known = new Map<string, StatementName>();
  return function nameOf(text) {
    const found = known.get(text);
    if (found !== undefined) return found;
    const name = readName(text.slice(0, scannedLength));
    if (known.size < maxTexts) known.set(text, name);
    return name;
  };
}

function readName(text: string): StatementName {
  const operation = operations.exec(text)?.[1]?.toUpperCase() ?? 'STATEMENT';
  const table = tables.exec(text)?.[1];
  return { operation, table, summary: table === undefined ? operation : `${operation} ${table}` };
}
