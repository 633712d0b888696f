/** Distinguishes an unavailable database from a request that the database rejected. */
import { findServerError, sqlState } from '../log/error-chain.js';

/**
 * `unavailable`: the result is unknown, respond with 503. `rejected`: the request's own data was refused (SQLSTATE
 * classes 22, 23 and 54: invalid values, violated constraints, too long for an index), and a retry fails the same way.
 */
export type DatabaseFault = 'unavailable' | 'rejected';

/** Classifies an error thrown by the driver or Drizzle. Everything not caused by the request counts as `unavailable`. */
export function databaseFault(error: unknown): DatabaseFault {
  return /^(?:22|23|54)/.test(sqlState(error) ?? '') ? 'rejected' : 'unavailable';
}

/** Name of the violated unique constraint (SQLSTATE 23505); undefined for any other error. */
export function uniqueViolation(error: unknown): string | undefined {
  const { code, constraint } = findServerError(error) ?? {};
  return code === '23505' && typeof constraint === 'string' ? constraint : undefined;
}

/**
 * Why the server rejected a named prepared statement although the query itself may be valid. `not_kept`: the server
 * connection does not have the statement, or already has one of that name, because a pooler shares server connections
 * between clients. `stale`: a migration changed a column's type after it was prepared.
 */
export type StatementRefusal = 'not_kept' | 'stale';

/** Recognises such a rejection; undefined for every other error, including a database that is down or slow. */
export function statementRefusal(error: unknown): StatementRefusal | undefined {
  const { code, message = '', routine } = findServerError(error) ?? {};
  // "prepared statement … does not exist" and "… already exists"; the message may be in the server's language.
  if (code === '26000' || code === '42P05') return 'not_kept';
  // "cached plan must not change result type" shares its code with others; the name of the C function is not translated.
  if (code === '0A000' && routine === 'RevalidateCachedQuery') return 'stale';
  // Poolers' own errors, always in English. PgBouncer's prepare.c: "prepared statement did not exist".
  if (code === '08P01' || code === '0A000') {
    return /prepared statement/i.test(message) ? 'not_kept' : undefined;
  }
  return undefined;
}
