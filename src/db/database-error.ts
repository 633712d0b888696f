/** Tells a database that cannot be asked from a request that the database refused. */

/**
 * `unavailable`: nobody can tell, answer 503. `rejected`: the request's own data was refused (SQLSTATE classes
 * 22, 23 and 54: bad values, violated constraints, too long for an index), and asking again gives the same.
 */
export type DatabaseFault = 'unavailable' | 'rejected';

/** Classifies an error that the driver or Drizzle threw. Whatever is not the request's fault is ours. */
export function databaseFault(error: unknown): DatabaseFault {
  return /^(?:22|23|54)/.test(sqlState(error) ?? '') ? 'rejected' : 'unavailable';
}

/** PostgreSQL's five-character SQLSTATE, found through wrappers such as Drizzle's; undefined for other errors. */
export function sqlState(error: unknown): string | undefined {
  for (const current of causesOf(error)) {
    const { code } = current as { code?: unknown };
    if ('severity' in current && typeof code === 'string') return code;
  }
  return undefined;
}

/** An error and its causes, outermost first. Ends after five, because a chain may lead back to its beginning. */
export function* causesOf(error: unknown): Generator<Error> {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    yield current;
    current = current.cause;
  }
}
