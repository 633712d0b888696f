/** Explains why the replica did not answer, as for the database itself. */
import { explainUnavailable, type Unavailability } from '../../db/unavailable.js';

export const variable = 'DATABASE_REPLICA_URL';

/** The code is that of the database: it is logged as the cause. */
export function explainReplica(error: unknown): Unavailability {
  const { fix, ...explained } = explainUnavailable(error);
  return { ...explained, fix: fix.replaceAll('DATABASE_URL', variable) };
}
