/** What the live database has to tell the operator at start. */
import type { Finding } from '../config/finding.js';
import { sqlState } from '../db/database-error.js';
import type { DatabaseState } from '../db/readiness.js';
import { explainUnavailable } from '../db/unavailable.js';

export function databaseFindings(state: DatabaseState | { error: unknown }): Finding[] {
  const add = (level: Finding['level'], code: string, message: string, fix: string): Finding => ({
    level,
    code,
    variable: 'DATABASE_URL',
    message,
    fix,
  });
  if ('error' in state) {
    const { code, message, fix } = explainUnavailable(state.error);
    return [add('error', code, message, fix)];
  }
  const findings: Finding[] = [];
  const { pendingMigrations, unrecorded, differences, unknownMigrations } = state;
  if (unrecorded !== undefined) {
    const message = 'leads to a database that has every table and no record of a migration';
    findings.push(add('error', 'MIGRATIONS_PENDING', message, unrecorded));
  } else if (pendingMigrations.length > 0) {
    // What they will bring is missing still, so the differences would only repeat them.
    const message = `leads to a database without ${pendingMigrations.join(', ')}`;
    findings.push(add('error', 'MIGRATIONS_PENDING', message, 'run npm run db:migrate'));
  } else {
    const newer = unknownMigrations > 0 ? 'deploy the newer build; to stay with this one: ' : '';
    for (const { problem, statement } of differences) {
      const message = `leads to a database in which ${problem}`;
      findings.push(add('error', 'SCHEMA_INCOMPLETE', message, newer + statement));
    }
  }
  if (unknownMigrations > 0) {
    const message = `leads to a database with ${unknownMigrations} migration(s) this build does not know`;
    findings.push(
      add('warn', 'DATABASE_NEWER', message, 'deploy the newer build, or check the branch'),
    );
  }
  return findings;
}

/**
 * Why no canary could be left, where that concerns visitors too.
 * @param error what leaving it threw
 */
export function canaryFindings(error: unknown): Finding[] {
  // read_only_sql_transaction: a replica, or a database or role set to read only.
  if (sqlState(error) !== '25006') return [];
  return [
    {
      level: 'error',
      code: 'DATABASE_READ_ONLY',
      variable: 'DATABASE_URL',
      message: 'leads to a database that takes no writes: nobody can sign in, up or out',
      fix: 'use the URL of the primary; at Neon that of the read-write endpoint',
    },
  ];
}

/** @param production the base URL of the production deployment whose canary stands in a preview's database */
export function sharedWithProduction(production: string): Finding {
  return {
    level: 'warn',
    code: 'PREVIEW_ON_PRODUCTION_DATABASE',
    variable: 'DATABASE_URL',
    message: `leads this preview to the database of ${production}: unfinished code reads and writes its users`,
    fix: 'give previews a database or a Neon branch of their own',
  };
}

/** @param keys ids of stored keys that no secret decrypts */
export function signingKeyFindings(keys: readonly string[], variable: string): Finding[] {
  if (keys.length === 0) return [];
  return [
    {
      level: 'error',
      code: 'SIGNING_KEY_UNREADABLE',
      variable,
      message: `does not decrypt the signing key ${keys.join(', ')}: /api/auth/token may answer 500`,
      fix: 'put the secret of before back behind the present one (BETTER_AUTH_SECRETS=2:new,1:old), or delete the key from the table jwks: the next token makes another',
    },
  ];
}
