/** A span for each statement of a request: how long the database took, without the wait for a connection. */
import type { Database } from '../../db/client.js';
import type { StartChild } from './start-child.js';
import { createStatementNames } from './statement-name.js';

type Query = (...args: unknown[]) => unknown;
type Callback = (error: unknown, result?: unknown) => void;

/** Patches the `query` of each connection that the pool opens from now on. */
export function traceStatements(pool: Database['pool'], startChild: StartChild): void {
  const nameOf = createStatementNames();
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as Query;
    const traced: Query = (...args) => {
      const [first] = args;
      const text = typeof first === 'string' ? first : (Object(first) as { text?: unknown }).text;
      const end = typeof text === 'string' ? start(text) : undefined;
      if (end === undefined) return query(...args);
      const callback = args.at(-1);
      if (typeof callback === 'function') {
        return query(...args.slice(0, -1), (error: unknown, result: unknown) => {
          end(error);
          (callback as Callback)(error, result);
        });
      }
      const result = query(...args);
      if (result instanceof Promise) result.then(() => end(), end);
      else end();
      return result;
    };
    client.query = traced as typeof client.query;
  });

  function start(text: string) {
    const { summary, operation, table } = nameOf(text);
    return startChild(summary, {
      'db.system.name': 'postgresql',
      'db.operation.name': operation,
      'db.query.summary': summary,
      ...(table !== undefined && { 'db.collection.name': table }),
    });
  }
}
