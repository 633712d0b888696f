/** Why a command could not use the database. */
import { explainUnavailable } from '../db/unavailable.js';
import { findLimitsUnavailable } from '../limit-store.js';
import { sqlState } from '../log/error-chain.js';

/** Describes an error by the name of the setting; never includes the address, a password or statement parameters. */
export function describeDatabaseFailure(error: unknown): string {
  const ofLimits = findLimitsUnavailable(error);
  if (ofLimits) return `${ofLimits.code}: ${ofLimits.message}\n→ ${ofLimits.fix}`;
  // undefined_table, undefined_column
  if (['42P01', '42703'].includes(sqlState(error) ?? '')) {
    return 'DATABASE_URL points to a database that is not migrated: run npm run db:migrate';
  }
  const { code, message, fix } = explainUnavailable(error);
  return `${code}: DATABASE_URL ${message}\n→ ${fix}`;
}
