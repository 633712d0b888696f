/** Reads the chain of causes behind an error, and what a PostgreSQL server said in it. Imports nothing of the service. */

/** An error and its causes, outermost first. Ends after five, because a chain may lead back to its beginning. */
export function* causesOf(error: unknown): Generator<Error> {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    yield current;
    current = current.cause;
  }
}

/** What a PostgreSQL server, or a pooler in front of it, reported. */
export interface ServerError {
  readonly code: string;
  readonly message: string;
  /** The function of PostgreSQL's source that refused; poolers name none. */
  readonly routine: unknown;
  /** Name of the constraint that was violated. */
  readonly constraint: unknown;
}

/** As the driver hands them over: none is promised. */
type ServerFields = Record<'code' | 'routine' | 'constraint', unknown>;

/** What the server itself reported, as the driver holds it; undefined where no server responded. */
export function findServerError(error: unknown): ServerError | undefined {
  for (const current of causesOf(error)) {
    const { code, message, routine, constraint } = current as Error & Partial<ServerFields>;
    if ('severity' in current && typeof code === 'string') {
      return { code, message, routine, constraint };
    }
  }
  return undefined;
}

/** PostgreSQL's five-character SQLSTATE, found through wrappers such as Drizzle's; undefined for other errors. */
export function sqlState(error: unknown): string | undefined {
  return findServerError(error)?.code;
}
