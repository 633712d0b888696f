/** Distinguishes statements that timed out because this process was busy from those the database did not respond to. */
import type pg from 'pg';
import { ServiceBusyError, watchEventLoop } from '../event-loop.js';
import { isStatementTimeout } from './unavailable.js';

type Query = (...args: unknown[]) => unknown;
type Callback = (error: unknown, result?: unknown) => void;

/** Patches the client's `query`: a timeout while this process was busy rejects with ServiceBusyError. */
export function attributeTimeouts(client: pg.PoolClient, queryTimeoutMs: number): void {
  const query = client.query.bind(client) as Query;
  const attributing: Query = (...args) => {
    const isBusy = watchEventLoop();
    const { query_timeout: dueMs = queryTimeoutMs } = Object(args[0]) as { query_timeout?: number };
    const attribute = (error: unknown) =>
      isStatementTimeout(error) && isBusy(dueMs)
        ? new ServiceBusyError('the process was too busy to read the result of a statement', {
            cause: error,
          })
        : error;
    const callback = args.at(-1);
    if (typeof callback === 'function') {
      return query(...args.slice(0, -1), (error: unknown, result: unknown) =>
        (callback as Callback)(error && attribute(error), result),
      );
    }
    const result = query(...args);
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      throw attribute(error);
    });
  };
  client.query = attributing as typeof client.query;
}
