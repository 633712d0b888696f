/** Reads the chain of causes of an error, and a PostgreSQL server's error in it. Imports nothing from the service. */

/** An error and its causes, outermost first; at most five, because a chain may be circular. */
export function* causesOf(error: unknown): Generator<Error> {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    yield current;
    current = current.cause;
  }
}

/** An error reported by a PostgreSQL server or a pooler in front of it. */
export interface ServerError {
  readonly code: string;
  readonly message: string;
  /** The C function in PostgreSQL that raised the error; poolers do not set it. */
  readonly routine: unknown;
  /** Name of the violated constraint. */
  readonly constraint: unknown;
  /** Name of the column that refused a value. */
  readonly column: unknown;
}

/** Fields set by the driver; none is guaranteed. */
type ServerFields = Record<'code' | 'routine' | 'constraint' | 'column', unknown>;

/** The server's own error as set by the driver; undefined if no server responded. */
export function findServerError(error: unknown): ServerError | undefined {
  for (const current of causesOf(error)) {
    const { code, message, routine, constraint, column } = current as Error & Partial<ServerFields>;
    if ('severity' in current && typeof code === 'string') {
      return { code, message, routine, constraint, column };
    }
  }
  return undefined;
}

/** PostgreSQL's five-character SQLSTATE, found through wrappers such as Drizzle's; undefined for other errors. */
export function sqlState(error: unknown): string | undefined {
  return findServerError(error)?.code;
}
