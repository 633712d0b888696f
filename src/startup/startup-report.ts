/** What an operator reads first: one `startup` line with everything that decides over sessions, then each finding. */
import type { Config } from '../config/config.js';
import { describeCookie } from '../config/cookie-policy.js';
import { describeFeatures } from '../config/features.js';
import type { Finding } from '../config/finding.js';
import { secretFingerprint } from '../config/secrets.js';
import type { Canary } from '../db/canary.js';
import type { EarlierCookie } from '../db/cookie-history.js';
import { isReady, type DatabaseState } from '../db/readiness.js';
import { isServiceBusy } from '../event-loop.js';
import { describeError } from '../log/describe-error.js';
import type { Logger } from '../log/logger.js';
import { version } from '../version.js';
import { movedCookieFindings } from './cookie-findings.js';
import {
  canaryFindings,
  databaseFindings,
  otherSecretFindings,
  productionDatabaseFinding,
} from './database-findings.js';

export interface StartupReportDependencies {
  readonly config: Config;
  readonly logger: Logger;
  readonly readState: () => Promise<DatabaseState>;
  /** Writes one row: what tells two databases apart must not have been there before. */
  readonly writeCanary: () => Promise<Canary>;
  /** Another session cookie that earlier starts gave to browsers. */
  readonly findEarlierCookie: () => Promise<EarlierCookie | undefined>;
  /** The base URL of the production deployment that lives in this database. */
  readonly findProductionCanary: () => Promise<string | undefined>;
  /** What the features that are on have found; asked where the database is ready. */
  readonly findFeatureFaults: () => Promise<readonly Finding[]>;
}

/** Holds no secret: it is logged, and shown to operators. */
export interface StartupDescription extends ReturnType<typeof describeConfig> {
  readonly database: ReturnType<typeof describeDatabase>;
  readonly findings: readonly Finding[];
}

/** Tells the report at the first call and never again; settles when report, and never rejects. */
export type LogStartupReport = () => Promise<void>;

export function createStartupReport(dependencies: StartupReportDependencies): LogStartupReport {
  let report: Promise<void> | undefined;
  return () => (report ??= writeReport(dependencies));
}

async function writeReport(dependencies: StartupReportDependencies): Promise<void> {
  const description = await describeStartup(dependencies);
  dependencies.logger.info(description, 'startup');
  logFindings(description.findings, dependencies.logger);
}

/** The fields of the `startup` line as they are now: the configuration, the live database, and what is amiss. Never rejects. */
export async function describeStartup(
  dependencies: Omit<StartupReportDependencies, 'logger'>,
): Promise<StartupDescription> {
  const { config, readState, writeCanary, findEarlierCookie, findProductionCanary } = dependencies;
  const state = await readState().catch((error: unknown) => ({ error }));
  const findings = [
    ...config.findings,
    ...databaseFindings(state, config.sessionLifetime.refreshAfterSeconds),
  ];
  let canary: Canary | undefined;
  if (!('error' in state) && state.pendingMigrations.length === 0 && !state.isReadOnly) {
    canary = await writeCanary().catch((error: unknown) => {
      findings.push(...canaryFindings(error));
      return undefined; // it helps to compare deployments, and no start may fail for it
    });
    findings.push(...otherSecretFindings(canary?.otherSecrets ?? [], config.keyRing.variable));
    const earlier = await findEarlierCookie().catch(() => undefined);
    if (earlier !== undefined) findings.push(...movedCookieFindings(config, earlier));
  }
  if (config.environment === 'preview' && !('error' in state)) {
    const production = await findProductionCanary().catch(() => undefined);
    if (production !== undefined) findings.push(productionDatabaseFinding(production));
  }
  if (!('error' in state) && isReady(state)) {
    // It may not finish in time.
    findings.push(...(await dependencies.findFeatureFaults().catch(() => [])));
  }
  const database = describeDatabase(config, state, canary);
  return { ...describeConfig(config), database, findings };
}

/** The same for a configuration that refuses to start: every fault by name, none by value. */
export function logRefusal(findings: readonly Finding[], logger: Logger): void {
  logger.fatal({ version, node: process.version, status: 'refused', findings }, 'startup');
  logFindings(findings, logger);
}

function logFindings(findings: readonly Finding[], logger: Logger): void {
  for (const { level, code, variable, message, fix } of findings) {
    logger[level]({ code, variable, fix }, `${variable} ${message}`);
  }
}

function describeConfig(config: Config) {
  const { keyRing, cookies } = config;
  return {
    version,
    commit: config.commit,
    environment: config.environment,
    node: process.version,
    secret: {
      variable: keyRing.variable,
      length: keyRing.current.value.length,
      fingerprint: secretFingerprint(keyRing.current),
      ...(keyRing.previous.length > 0 && { previous: keyRing.previous.map(secretFingerprint) }),
    },
    baseUrl: config.baseUrl,
    trustedOrigins: config.trustedOrigins,
    ...(config.originPatterns.length > 0 && { originPatterns: config.originPatterns }),
    cookie: describeCookie(cookies),
    clientIp: config.clientIpHeader ?? 'socket',
    sessionDays: {
      idle: config.sessionLifetime.idleSeconds / 86_400,
      absolute: config.sessionLifetime.absoluteSeconds / 86_400,
    },
    ...describeFeatures(config.features),
  };
}

function describeDatabase(
  config: Config,
  state: DatabaseState | { error: unknown },
  canary: Canary | undefined,
) {
  const { hostname, port, pathname } = new URL(config.databaseUrl);
  const place = {
    host: port === '' ? hostname : `${hostname}:${port}`,
    name: pathname.slice(1),
    pooled: hostname.includes('-pooler'),
    // Neon's hosts begin with the endpoint's id, behind which stands one branch.
    endpoint: /^(ep-[a-z0-9-]+?)(?:-pooler)?\./.exec(hostname)?.[1],
  };
  if ('error' in state) {
    const status = isServiceBusy(state.error) ? 'unknown' : 'unavailable';
    return { ...place, status, error: describeError(state.error) };
  }
  return {
    ...place,
    status: isReady(state) ? 'ready' : 'not ready',
    branch: state.branch,
    canary: canary && { own: canary.own, all: canary.all },
    latencyMs: state.latencyMs,
    // What network and load explain is none of the clock's.
    clockAheadMs: state.clock.differMs > 1_000 ? state.clock.databaseAheadMs : undefined,
    serverVersion: state.serverVersion,
    pendingMigrations: state.pendingMigrations,
  };
}
