/** Explains why the replica did not answer, as for the database itself. */
import { explainUnavailable } from '../../db/unavailable.js';

export const variable = 'DATABASE_REPLICA_URL';

interface Explanation {
  /** As in docs/database-unavailable.md. */
  readonly cause: string;
  readonly seen: string;
  readonly fix: string;
}

export function explainReplica(error: unknown): Explanation {
  const { code, message, fix } = explainUnavailable(error);
  return {
    cause: code,
    seen: `${variable} ${message}`,
    fix: fix.replaceAll('DATABASE_URL', variable),
  };
}
