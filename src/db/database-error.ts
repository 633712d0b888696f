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
  return serverAnswer(error)?.code;
}

/** Name of the unique constraint that a statement violated (SQLSTATE 23505); undefined for every other error. */
export function uniqueViolation(error: unknown): string | undefined {
  const { code, constraint } = serverAnswer(error) ?? {};
  return code === '23505' && typeof constraint === 'string' ? constraint : undefined;
}

/**
 * Why a named prepared statement was turned down although its query may be sound. `not_kept`: the connection behind
 * ours does not have it, or has it already, as poolers that share connections between clients bring about.
 * `stale`: a migration changed a column's type since it was prepared.
 */
export type StatementRefusal = 'not_kept' | 'stale';

/** Tells such a refusal from every other error, a database that is down or slow included; undefined for those. */
export function statementRefusal(error: unknown): StatementRefusal | undefined {
  const { code, message = '', routine } = serverAnswer(error) ?? {};
  // "prepared statement … does not exist" and "… already exists"; the message may be in the server's language.
  if (code === '26000' || code === '42P05') return 'not_kept';
  // "cached plan must not change result type" shares its code; the function that says it is never translated.
  if (code === '0A000' && routine === 'RevalidateCachedQuery') return 'stale';
  // Poolers answer by themselves with these, in English. PgBouncer's prepare.c: "prepared statement did not exist".
  if (code === '08P01' || code === '0A000') {
    return /prepared statement/i.test(message) ? 'not_kept' : undefined;
  }
  return undefined;
}

interface ServerAnswer {
  readonly code: string;
  readonly message: string;
  /** The function of PostgreSQL's source that refused; poolers name none. */
  readonly routine: unknown;
  /** Name of the constraint that was violated. */
  readonly constraint: unknown;
}

/** As the driver hands them over: none is promised. */
type ServerFields = Record<'code' | 'routine' | 'constraint', unknown>;

/** What the server itself said, as the driver holds it; undefined where no server answered. */
function serverAnswer(error: unknown): ServerAnswer | undefined {
  for (const current of causesOf(error)) {
    const { code, message, routine, constraint } = current as Error & Partial<ServerFields>;
    if ('severity' in current && typeof code === 'string') {
      return { code, message, routine, constraint };
    }
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
