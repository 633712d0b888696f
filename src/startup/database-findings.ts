/** Findings about the live database for the startup report. */
import type { Finding } from '../config/finding.js';
import { sqlState } from '../log/error-chain.js';
import type { OtherSecret } from '../db/canary.js';
import type { ClockComparison, DatabaseState } from '../db/readiness.js';
import { explainUnavailable, readOnly } from '../db/unavailable.js';
import { isServiceBusy } from '../event-loop.js';

/** @param refreshAfterSeconds age at which use extends a session: the clocks must differ by less than that */
export function databaseFindings(
  state: DatabaseState | { error: unknown },
  refreshAfterSeconds: number,
): Finding[] {
  const add = (level: Finding['level'], code: string, message: string, fix: string): Finding => ({
    level,
    code,
    variable: 'DATABASE_URL',
    message,
    fix,
  });
  if ('error' in state) {
    if (isServiceBusy(state.error)) {
      const message = 'could not be checked: this process was too busy to read the response';
      const fix = 'retry, or give the service more CPU; the database is not at fault';
      return [add('warn', 'SERVICE_BUSY', message, fix)];
    }
    const { code, message, fix } = explainUnavailable(state.error);
    return [add('error', code, message, fix)];
  }
  const findings: Finding[] = [];
  const { pendingMigrations, baselineSql, differences, unknownMigrations } = state;
  if (baselineSql !== undefined) {
    const message = 'points to a database that has every table but no recorded migration';
    findings.push(add('error', 'MIGRATIONS_PENDING', message, baselineSql));
  } else if (pendingMigrations.length > 0) {
    // The schema differences would only repeat what the pending migrations will add.
    const message = `points to a database without ${pendingMigrations.join(', ')}`;
    findings.push(add('error', 'MIGRATIONS_PENDING', message, 'run npm run db:migrate'));
  } else {
    const newer = unknownMigrations > 0 ? 'deploy the newer build; to stay with this one: ' : '';
    for (const { problem, statement } of differences) {
      const message = `points to a database where ${problem}`;
      findings.push(add('error', 'SCHEMA_INCOMPLETE', message, newer + statement));
    }
  }
  if (state.isReadOnly) {
    const { code, message, fix } = readOnly;
    findings.push(add('error', code, message, fix));
  }
  findings.push(...clockFindings(state.clock, refreshAfterSeconds));
  if (unknownMigrations > 0) {
    const message = `points to a database with ${unknownMigrations} migration(s) this build does not know`;
    findings.push(
      add('warn', 'DATABASE_NEWER', message, 'deploy the newer build, or check the branch'),
    );
  }
  return findings;
}

/**
 * Why no canary could be written, if the cause also affects visitors.
 * @param error thrown when writing it
 */
export function canaryFindings(error: unknown): Finding[] {
  // read_only_sql_transaction: the database became read-only after its state was read.
  if (sqlState(error) !== '25006') return [];
  const { code, message, fix } = readOnly;
  return [{ level: 'error', code, variable: 'DATABASE_URL', message, fix }];
}

/** Smaller differences are explained by network and load. */
const clocksDifferMs = 5_000;

/** Sessions, rate limits and mailed links follow the database's clock; codes, proofs and pauses this machine's. */
function clockFindings(clock: ClockComparison, refreshAfterSeconds: number): Finding[] {
  if (clock.differMs <= clocksDifferMs) return [];
  const seconds = Math.round(Math.abs(clock.databaseAheadMs) / 1000);
  const isLong = clock.differMs > refreshAfterSeconds * 1000;
  const harm =
    'codes of authenticator apps fail, and mails and webhooks are retried too early or too late';
  const way = clock.databaseAheadMs > 0 ? 'ahead of' : 'behind';
  return [
    {
      level: isLong ? 'error' : 'warn',
      code: 'CLOCK_DIFFERS',
      variable: 'DATABASE_URL',
      message: `points to a database whose clock shows ${clock.database.toISOString()} while this machine's shows ${clock.ours.toISOString()}, ${seconds} s ${way} it: ${harm}`,
      fix: 'synchronise both with NTP; then npm run sweep removes rate limit rows written with the wrong clock',
    },
  ];
}

/**
 * Reports other instances of this deployment that sign with another secret.
 * @param variable the variable that contains this instance's secret
 */
export function otherSecretFindings(others: readonly OtherSecret[], variable: string): Finding[] {
  return others.map(({ fingerprint, leftAt }) => ({
    level: 'warn',
    code: 'SECRETS_DIFFER',
    variable,
    message: `differs from the secret of another instance of this deployment: the one started at ${leftAt.toISOString()} signs with ${fingerprint}, and neither accepts the other's. A session from one instance is rejected by the other (bad_signature)`,
    fix: 'set the same secret on both and deploy; if this instance replaced the other, all users must sign in again, unless the old secret is kept in BETTER_AUTH_SECRETS (2:new,1:old)',
  }));
}

/** @param production base URL of the production deployment whose canary is in a preview's database */
export function productionDatabaseFinding(production: string): Finding {
  return {
    level: 'warn',
    code: 'PREVIEW_ON_PRODUCTION_DATABASE',
    variable: 'DATABASE_URL',
    message: `points this preview to the database of ${production}: unreleased code reads and writes its users`,
    fix: 'give previews their own database or Neon branch',
  };
}
