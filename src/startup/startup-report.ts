/** The startup report: one `startup` log line with everything that affects sessions, then one line per finding. */
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
import type { LimitStoreState } from '../limit-store.js';
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
  /** Undefined where limits are counted in the database. Settles within its own timeouts. */
  readonly readLimitState: (() => Promise<LimitStoreState>) | undefined;
  /** Writes one row; a new random value is needed to distinguish two databases (db/canary.ts). */
  readonly writeCanary: () => Promise<Canary>;
  /** A different session cookie that earlier starts set. */
  readonly findEarlierCookie: () => Promise<EarlierCookie | undefined>;
  /** The base URL of the production deployment that uses this database. */
  readonly findProductionCanary: () => Promise<string | undefined>;
  /** Findings of the enabled features; called only if the database is ready. */
  readonly findFeatureFaults: () => Promise<readonly Finding[]>;
}

/** Contains no secrets: it is logged and shown to operators. */
export interface StartupDescription extends ReturnType<typeof describeConfig> {
  readonly database: ReturnType<typeof describeDatabase>;
  /** The store of limits, if it is not the database. */
  readonly limits?: LimitStoreState['description'];
  readonly findings: readonly Finding[];
}

/** Logs the report on the first call only; resolves when it is logged and never rejects. */
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

/** The current fields of the `startup` line: configuration, live database and findings. Never rejects. */
export async function describeStartup(
  dependencies: Omit<StartupReportDependencies, 'logger'>,
): Promise<StartupDescription> {
  const { config, readState, writeCanary, findEarlierCookie, findProductionCanary } = dependencies;
  const [state, limits] = await Promise.all([
    readState().catch((error: unknown) => ({ error })),
    dependencies.readLimitState?.(),
  ]);
  const findings = [
    ...config.findings,
    ...databaseFindings(state, config.sessionLifetime.refreshAfterSeconds),
    ...(limits?.findings ?? []),
  ];
  let canary: Canary | undefined;
  if (!('error' in state) && state.pendingMigrations.length === 0 && !state.isReadOnly) {
    canary = await writeCanary().catch((error: unknown) => {
      findings.push(...canaryFindings(error));
      return undefined; // only needed to compare deployments, so the start must not fail
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
  const described = limits && { limits: limits.description };
  return { ...describeConfig(config), database, ...described, findings };
}

/** The same for a refused configuration: names every invalid variable and never shows a value. */
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
  const target = {
    host: port === '' ? hostname : `${hostname}:${port}`,
    name: pathname.slice(1),
    pooled: hostname.includes('-pooler'),
    // Neon's host names start with the endpoint id, which belongs to one branch.
    endpoint: /^(ep-[a-z0-9-]+?)(?:-pooler)?\./.exec(hostname)?.[1],
  };
  if ('error' in state) {
    const status = isServiceBusy(state.error) ? 'unknown' : 'unavailable';
    return { ...target, status, error: describeError(state.error) };
  }
  return {
    ...target,
    status: isReady(state) ? 'ready' : 'not ready',
    branch: state.branch,
    canary: canary && { own: canary.own, all: canary.all },
    latencyMs: state.latencyMs,
    // Smaller differences are explained by network and load.
    clockAheadMs: state.clock.differMs > 1_000 ? state.clock.databaseAheadMs : undefined,
    serverVersion: state.serverVersion,
    pendingMigrations: state.pendingMigrations,
  };
}
