/** Tells a database that cannot be asked from a request that the database refused. */
import { findServerError, sqlState } from '../log/error-chain.js';

/**
 * `unavailable`: nobody can tell, answer 503. `rejected`: the request's own data was refused (SQLSTATE classes
 * 22, 23 and 54: bad values, violated constraints, too long for an index), and asking again gives the same.
 */
export type DatabaseFault = 'unavailable' | 'rejected';

/** Classifies an error that the driver or Drizzle threw. Whatever is not the request's fault is ours. */
export function databaseFault(error: unknown): DatabaseFault {
  return /^(?:22|23|54)/.test(sqlState(error) ?? '') ? 'rejected' : 'unavailable';
}

/** Name of the unique constraint that a statement violated (SQLSTATE 23505); undefined for every other error. */
export function uniqueViolation(error: unknown): string | undefined {
  const { code, constraint } = findServerError(error) ?? {};
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
  const { code, message = '', routine } = findServerError(error) ?? {};
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
