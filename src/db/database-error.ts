/** Tells a database that cannot be asked from a request that the database refused. */

/**
 * `unavailable`: nobody can tell, answer 503. `rejected`: the request's own data was refused (SQLSTATE classes
 * 22 and 23: bad values, violated constraints), and asking again gives the same.
 */
export type DatabaseFault = 'unavailable' | 'rejected';

/** Classifies an error that the driver or Drizzle threw. Whatever is not the request's fault is ours. */
export function databaseFault(error: unknown): DatabaseFault {
  return /^2[23]/.test(sqlState(error) ?? '') ? 'rejected' : 'unavailable';
}

/** PostgreSQL's five-character SQLSTATE, found through wrappers such as Drizzle's; undefined for other errors. */
export function sqlState(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as { code?: unknown };
    if ('severity' in current && typeof code === 'string') return code;
  }
  return undefined;
}
