/**
 * Prepares the statements that a pool runs repeatedly, so that PostgreSQL parses and plans them once per connection.
 * Statements in transactions are not prepared: after a rejection the transaction could not continue.
 *
 * The name contains a hash of the text, so that a connection that a pooler shares between clients never runs another
 * statement under it (session-store.ts). A rejection happens before the statement runs, so even a write is safe to repeat
 * without a name.
 */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { statementRefusal } from './database-error.js';

/** Statements that run less often, such as those of startup and sweeps, are not worth the server's memory. */
const runsBeforeNamed = 5;

/** Bounds memory: a list of values makes a statement's text depend on its length. */
const maxTexts = 200;

type Query = (config: pg.QueryConfig, values?: unknown[]) => Promise<pg.QueryResult>;

/** Changes the pool in place: its `query` gives repeated statements a name, and behaves the same otherwise. */
export function nameRepeatedStatements(pool: pg.Pool): void {
  const query = pool.query.bind(pool) as Query;
  const statements = new Map<string, { runs: number; name: string | undefined }>();
  let areKept = true;

  function nameOf(text: string): string | undefined {
    const statement = statements.get(text) ?? { runs: 0, name: undefined };
    if (statement.runs === 0 && statements.size < maxTexts) statements.set(text, statement);
    statement.runs += 1;
    if (statement.runs === runsBeforeNamed) {
      const hash = createHash('sha256').update(text).digest('hex');
      statement.name = `repeated_${hash.slice(0, 16)}`;
    }
    return statement.name;
  }

  /** The table's types changed after the statement was prepared: a pooler may keep the old plan under any name. */
  const neverName = (text: string) =>
    void statements.set(text, { runs: Infinity, name: undefined });

  const queryByName: Query = async (config, values) => {
    const name = areKept ? nameOf(config.text) : undefined;
    if (name === undefined) return query(config, values);
    try {
      return await query({ ...config, name }, values);
    } catch (error) {
      const refusal = statementRefusal(error);
      if (refusal === undefined) throw error;
      if (refusal === 'stale') neverName(config.text);
      else areKept = false;
      return query(config, values);
    }
  };

  pool.query = ((...args: unknown[]) => {
    const [config, values] = args as Parameters<Query>;
    const { text, name } = Object(config) as Partial<pg.QueryConfig>;
    const isUnnamed = typeof text === 'string' && name === undefined;
    const hasCallback = args.some((arg) => typeof arg === 'function');
    if (!isUnnamed || hasCallback) return (query as (...all: unknown[]) => unknown)(...args);
    return queryByName(config, values);
  }) as pg.Pool['query'];
}
