/** Wires the parts together: config → logger → database → auth → app. Opens no socket and makes no query yet. */
import type { Express } from 'express';
import type { AuditTrail } from './audit.js';
import type { AuthDependencies } from './auth/auth-dependencies.js';
import { createLazyAuth } from './auth/lazy-auth.js';
import type { PasswordCost } from './auth/password.js';
import type { Config } from './config/config.js';
import type { Finding } from './config/finding.js';
import { secretFingerprint } from './config/secrets.js';
import { createApp } from './create-app.js';
import type { Tables } from './db/all-tables.js';
import { writeCanary } from './db/canary.js';
import { findEarlierCookie } from './db/cookie-history.js';
import { createDatabase, type Database, type DatabaseOptions } from './db/client.js';
import { createEndSessions } from './db/end-sessions.js';
import { findProductionCanary } from './db/preview-guard.js';
import { readDatabaseState } from './db/readiness.js';
import { createSessionReads } from './db/session-reads.js';
import { cacheFor } from './db/cache-for.js';
import type { Swept } from './db/sweep.js';
import { createBackgroundSweep } from './db/background-sweep.js';
import { createCounters } from './counters.js';
import { activateFeatures } from './features/active-features.js';
import { createFeatureAudit } from './features/create-feature-audit.js';
import { createFeatureIdentityProviders } from './features/create-feature-identity-providers.js';
import { createFeatureMailer } from './features/create-feature-mailer.js';
import { createInputRulesLoader } from './features/input-rules.js';
import { reasonFixes } from './features/reasons.js';
import { retentionOf } from './features/sweeps.js';
import type { ActiveFeature, FeatureServices } from './features/slots.js';
import type { MailWorker } from './mailer.js';
import { setSessionReasonHeader } from './http/session-reason.js';
import { createRequestAdmission } from './http/request-admission.js';
import type { Logger } from './log/logger.js';
import { logStatementFallback } from './log/statement-fallback.js';
import { createRequestScopes } from './request-scope.js';
import type { CredentialRules } from './session/credential.js';
import { createInspector } from './session/inspector.js';
import { createSecretUsageCounter } from './session/secret-usage.js';
import { shownFields } from './session/shown-fields.js';
import { cookiePolicyText } from './startup/cookie-findings.js';
import { withReportTimeout, type ReportSources } from './startup/report-timeout.js';
import {
  createStartupReport,
  describeStartup,
  type LogStartupReport,
} from './startup/startup-report.js';

export interface ServiceDependencies {
  readonly config: Config;
  readonly logger: Logger;
  readonly now: () => Date;
  /** Keeps the process running until the promise settles, on platforms that suspend it between requests. */
  readonly waitUntil?: (work: Promise<unknown>) => void;
  readonly databaseTimeouts?: Pick<DatabaseOptions, 'connectTimeoutMs' | 'queryTimeoutMs'>;
  /** The maximum time a request waits for the database, in milliseconds. */
  readonly deadlineMs?: number;
  /** The enabled features; by default those that the configuration enables. */
  readonly features?: readonly ActiveFeature[];
  /** By default all tables of the service. */
  readonly tables?: Tables;
  /** Cost of new password hashes; by default OWASP's minimum. */
  readonly passwordCost?: PasswordCost;
}

export interface Service {
  readonly app: Express;
  readonly database: Database;
  /** Undefined where no audit trail is kept. */
  readonly audit: AuditTrail | undefined;
  /** Undefined where no mail transport is configured. */
  readonly mailer: MailWorker | undefined;
  readonly logStartupReport: LogStartupReport;
  /** Loads what the first sign-in would otherwise wait for; happens automatically after the first request. */
  readonly warmUp: () => Promise<void>;
}

/** Ten seconds: Neon resumes in less, and callers give up after more. */
const defaultDeadlineMs = 10_000;

/** How long the database state is cached, so that probes cost one query per interval. */
const stateTtlMs = 3_000;

const removeWhenUnused =
  'remove a version from BETTER_AUTH_SECRETS once every process has reported 0 uses for SESSION_IDLE_DAYS';

export function createService(dependencies: ServiceDependencies): Service {
  const { config, logger, now, waitUntil, passwordCost } = dependencies;
  const { deadlineMs = defaultDeadlineMs } = dependencies;
  const features = dependencies.features ?? activateFeatures(config.features);
  const database = createDatabase({
    url: config.databaseUrl,
    maxConnections: config.databasePoolSize,
    now,
    onIdleError: (err) => logger.warn({ err }, 'idle database connection lost'),
    ...(dependencies.tables && { tables: dependencies.tables }),
    ...dependencies.databaseTimeouts,
  });
  const scopes = createRequestScopes();
  const credentialRules: CredentialRules = {
    cookieName: config.cookies.sessionCookieName,
    dontRememberCookieName: config.cookies.dontRememberCookieName,
    secrets: [config.keyRing.current, ...config.keyRing.previous],
    bearer: features.some(({ credentialRules: rules }) => rules?.bearer === true),
    reasonFixes,
  };
  const inspect = createInspector({
    ...credentialRules,
    ...createSessionReads(database.orm, {
      onFallback: (sqlState) => logStatementFallback(logger, sqlState),
    }),
    lifetime: config.sessionLifetime,
    now,
  });
  const countSecretUsage = createSecretUsageCounter({
    versions: credentialRules.secrets.map(({ version }) => version),
    now,
    onReport: (checks, since) =>
      logger.info({ checks, since, fix: removeWhenUnused }, 'secrets in use'),
  });
  const readState = cacheFor(() => readDatabaseState(database.orm, now), stateTtlMs);
  const loadInputRules = createInputRulesLoader(features);
  const counters = createCounters(features.flatMap(({ counters = [] }) => counters));
  const audit = createFeatureAudit(features, {
    database,
    now,
    logger,
    count: counters.count,
    scopes,
  });
  const mailer = createFeatureMailer(features, {
    config,
    database,
    now,
    logger,
    count: counters.count,
    scopes,
    waitUntil,
  });
  const identityProviders = createFeatureIdentityProviders(features, now);
  const authDependencies: AuthDependencies = {
    config,
    orm: database.orm,
    logger,
    scopes,
    audit,
    mailer,
    identityProviders,
    count: counters.count,
    passwordCost,
  };
  const auth = createLazyAuth(authDependencies, async () => {
    const parts = features.map((feature) => feature.loadAuthPart(authDependencies, features));
    return (await Promise.all(parts)).filter((part) => part !== undefined);
  });
  const { baseUrl, environment } = config;
  const deployment = {
    baseUrl,
    environment,
    cookiePolicy: cookiePolicyText(config),
    secrets: credentialRules.secrets.map(secretFingerprint),
  };
  const report: ReportSources = {
    config,
    readState,
    writeCanary: () => writeCanary(database.orm, deployment),
    findEarlierCookie: () =>
      findEarlierCookie(database.orm, deployment, config.sessionLifetime.idleSeconds),
    findProductionCanary: () => findProductionCanary(database.orm),
    async findFeatureFaults() {
      // Where the database goes away meanwhile, the next request reports it; the other features' findings remain.
      const found = features.map((feature) => feature.findStartupFaults(services).catch(() => []));
      return (await Promise.all(found)).flat();
    },
  };
  const logStartupReport = createStartupReport({ ...report, logger });
  const requestFindings: Finding[] = [];
  const sweepListeners: ((swept: Swept) => void)[] = [];
  const services: FeatureServices = {
    config,
    database,
    auth,
    now,
    describeStartup: () => describeStartup(withReportTimeout(report, deadlineMs)),
    requestFindings,
    onSwept: (listener) => void sweepListeners.push(listener),
    audit,
    waitUntil,
    mailer,
    identityProviders,
    counters,
    checkSession: (headers, res) =>
      setSessionReasonHeader(headers, res, { inspect, countSecretUsage, logger, deadlineMs }),
    credentialRules,
    deadlineMs,
    logger,
    requiredSignUpFields: features.flatMap(({ requiredSignUpFields: names = [] }) => names),
  };
  let sweeping: Promise<void> | undefined;
  const sweepWhenDue = createBackgroundSweep(database, {
    now,
    logger,
    retention: retentionOf(config.features),
    lifetime: config.sessionLifetime,
    onSwept(swept) {
      for (const listener of sweepListeners) listener(swept);
    },
  });
  const logNotLoaded = (err: unknown) => {
    logger.error({ err, fix: 'redeploy all files of the build' }, 'BetterAuth cannot be loaded');
  };
  const admitRequest = createRequestAdmission({
    poolSize: database.pool.options.max,
    connections: database.connections,
    deadlineMs,
  });
  const app = createApp({
    config,
    logger,
    now,
    scopes,
    credentialRules,
    inspect,
    countSecretUsage,
    endSessions: createEndSessions(database.orm, config.sessionLifetime),
    readState,
    deadlineMs,
    auth,
    admitRequest,
    sessionFields: shownFields(features.flatMap(({ publicFields }) => publicFields ?? [])),
    publicSettings: Object.fromEntries(
      features.flatMap(({ publicSettings = {} }) => Object.entries(publicSettings)),
    ),
    loadInputRules,
    routes: features.flatMap((feature) => feature.createRoutes(services)),
    onRequestFinding: (finding) => requestFindings.push(finding),
    onRequest(waitForResponse) {
      if (mailer !== undefined && mailer.dueAt() <= now().getTime()) {
        waitUntil?.(waitForResponse().then(() => mailer.sendDue()));
      }
      // After the report, so that a cold start opens one connection for both.
      const work = sweepWhenDue(async () => {
        await waitForResponse();
        await logStartupReport();
      });
      if (work === undefined) return;
      sweeping = work;
      waitUntil?.(work);
    },
    onFirstRequest(responseSent) {
      const work = responseSent.then(async () => {
        await Promise.all([logStartupReport(), auth.load().catch(logNotLoaded)]);
      });
      // Called now, because the platform accepts it only while the request is being handled.
      waitUntil?.(work);
    },
  });
  return {
    app,
    database,
    audit,
    mailer,
    async logStartupReport() {
      await logStartupReport();
      await sweeping; // startup includes all of its database queries
    },
    async warmUp() {
      await Promise.all([auth.load(), loadInputRules()]);
    },
  };
}
