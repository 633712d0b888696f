/** What the live database has to tell the operator at start. */
import type { Finding } from '../config/finding.js';
import { sqlState } from '../log/error-chain.js';
import type { OtherSecret } from '../db/canary.js';
import type { ClockComparison, DatabaseState } from '../db/readiness.js';
import { explainUnavailable, readOnly } from '../db/unavailable.js';
import { isServiceBusy } from '../event-loop.js';

/** @param refreshAfterSeconds how old a session grows before its use extends it: clocks must agree better than that */
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
      const message = 'could not be examined: this process had no time to read the answer';
      const fix = 'ask again, or give the service more processors; the database is not at fault';
      return [add('warn', 'SERVICE_BUSY', message, fix)];
    }
    const { code, message, fix } = explainUnavailable(state.error);
    return [add('error', code, message, fix)];
  }
  const findings: Finding[] = [];
  const { pendingMigrations, baselineSql, differences, unknownMigrations } = state;
  if (baselineSql !== undefined) {
    const message = 'leads to a database that has every table and no record of a migration';
    findings.push(add('error', 'MIGRATIONS_PENDING', message, baselineSql));
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
  if (state.isReadOnly) {
    const { code, message, fix } = readOnly;
    findings.push(add('error', code, message, fix));
  }
  findings.push(...clockFindings(state.clock, refreshAfterSeconds));
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
  // read_only_sql_transaction: it was set to read only since its state was read.
  if (sqlState(error) !== '25006') return [];
  const { code, message, fix } = readOnly;
  return [{ level: 'error', code, variable: 'DATABASE_URL', message, fix }];
}

/** Network and load explain less; more than this moves the ends of sessions where somebody sees it. */
const clocksDifferMs = 5_000;

/** Sessions end by this machine's clock, limits and the sweep by the database's. */
function clockFindings(clock: ClockComparison, refreshAfterSeconds: number): Finding[] {
  if (clock.differMs <= clocksDifferMs) return [];
  const seconds = Math.round(Math.abs(clock.databaseAheadMs) / 1000);
  const isLong = clock.differMs > refreshAfterSeconds * 1000;
  const harm = isLong
    ? 'sessions end, or are extended, days before or after their time'
    : 'sessions end so much before or after their time';
  const way = clock.databaseAheadMs > 0 ? 'ahead of' : 'behind';
  return [
    {
      level: isLong ? 'error' : 'warn',
      code: 'CLOCK_DIFFERS',
      variable: 'DATABASE_URL',
      message: `leads to a database whose clock says ${clock.database.toISOString()} where this machine's says ${clock.ours.toISOString()}, ${seconds} s ${way} it: ${harm}`,
      fix: 'synchronise both with NTP; where one was wrong until now, npm run sweep removes what it left in the limits',
    },
  ];
}

/**
 * Other instances of this deployment that sign with another secret.
 * @param variable which holds ours
 */
export function otherSecretFindings(others: readonly OtherSecret[], variable: string): Finding[] {
  return others.map(({ fingerprint, leftAt }) => ({
    level: 'warn',
    code: 'SECRETS_DIFFER',
    variable,
    message: `is not the secret of another instance of this deployment: the one that started at ${leftAt.toISOString()} signs with ${fingerprint}, and neither knows the other's. Who signs in at one is nobody (bad_signature) at the other`,
    fix: 'set the same secret on both, and deploy; where the other was replaced by this one, everybody signs in again, and keeping the old secret in BETTER_AUTH_SECRETS (2:new,1:old) avoids that',
  }));
}

/** @param production the base URL of the production deployment whose canary stands in a preview's database */
export function productionDatabaseFinding(production: string): Finding {
  return {
    level: 'warn',
    code: 'PREVIEW_ON_PRODUCTION_DATABASE',
    variable: 'DATABASE_URL',
    message: `leads this preview to the database of ${production}: unfinished code reads and writes its users`,
    fix: 'give previews a database or a Neon branch of their own',
  };
}
