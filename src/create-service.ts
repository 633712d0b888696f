/** Wires the parts together: config → logger → database → auth → app. Opens no socket and makes no query yet. */
import type { Express } from 'express';
import type { AuditTrail } from './audit.js';
import type { AuthDependencies } from './auth/auth-dependencies.js';
import { createLazyAuth } from './auth/lazy-auth.js';
import type { PasswordCost } from './auth/password.js';
import { createBackgroundWork } from './background-work.js';
import type { Config } from './config/config.js';
import type { Finding } from './config/finding.js';
import { createApp } from './create-app.js';
import { createInspectors } from './create-inspectors.js';
import type { Tables } from './db/all-tables.js';
import { createDatabaseState } from './db/database-state.js';
import { createDatabase, type Database, type DatabaseOptions } from './db/client.js';
import { createEndSessions } from './db/end-sessions.js';
import { createBackgroundSweep } from './db/background-sweep.js';
import { createCounters } from './counters.js';
import { activateFeatures } from './features/active-features.js';
import { combineFeatures } from './features/combined.js';
import { createFeatureEventSender } from './features/create-event-sender.js';
import { createFeatureAudit } from './features/create-feature-audit.js';
import { createFeatureIdentityProviders } from './features/create-feature-identity-providers.js';
import { createFeatureLimits } from './features/create-feature-limits.js';
import { createFeatureMailer } from './features/create-feature-mailer.js';
import { createFeatureReplica } from './features/create-feature-replica.js';
import { createInputRulesLoader } from './features/input-rules.js';
import { sweepSettingsOf } from './features/sweeps.js';
import type { ActiveFeature, FeatureServices } from './features/slots.js';
import type { MailWorker } from './mailer.js';
import { collectMetrics } from './metrics/collect-metrics.js';
import type { OutboxWorker } from './outbox-worker.js';
import { setSessionReasonHeader } from './http/session-reason.js';
import { createRequestAdmission } from './http/request-admission.js';
import { withFields, type Logger } from './log/logger.js';
import { createAfterResponse, createRequestScopes } from './request-scope.js';
import { stepUpCounters } from './step-up-counters.js';
import { createSecretUsageCounter } from './session/secret-usage.js';
import { createReportSources } from './startup/report-sources.js';
import { withReportTimeout } from './startup/report-timeout.js';
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
  /** The time by the database's clock; by default the database is asked. */
  readonly readDatabaseTime?: () => Promise<Date>;
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
  /** Where a process keeps running, a timer sends what is due (outbox-timer.ts). */
  readonly outboxes: readonly OutboxWorker[];
  readonly logStartupReport: LogStartupReport;
  /** Lets features send what they hold before the process stops. Never rejects. */
  readonly finish: () => Promise<void>;
  /** Loads what the first sign-in would otherwise wait for; happens automatically after the first request. */
  readonly warmUp: () => Promise<void>;
}

/** Neon resumes in less; the response arrives within ten seconds, after which callers give up. */
const defaultDeadlineMs = 9_800;

const removeWhenUnused =
  'remove a version from BETTER_AUTH_SECRETS once every process has reported 0 uses for SESSION_IDLE_DAYS';

export function createService(dependencies: ServiceDependencies): Service {
  const { config, now, waitUntil, passwordCost } = dependencies;
  const { deadlineMs = defaultDeadlineMs } = dependencies;
  const features = dependencies.features ?? activateFeatures(config.features);
  const combined = combineFeatures(features, config);
  const { credentialRules } = combined;
  const logger = withFields(dependencies.logger, combined.logFields);
  const database = createDatabase({
    url: config.databaseUrl,
    maxConnections: config.databasePoolSize,
    now,
    onIdleError: (err) => logger.warn({ err }, 'idle database connection lost'),
    ...(dependencies.tables && { tables: dependencies.tables }),
    ...dependencies.databaseTimeouts,
  });
  const scopes = createRequestScopes();
  const { readDatabaseTime: readTime } = dependencies;
  const { clock, readState } = createDatabaseState(database.orm, { now, logger, readTime });
  const countSecretUsage = createSecretUsageCounter({
    versions: credentialRules.secrets.map(({ version }) => version),
    now,
    onReport: (checks, since) =>
      logger.info({ checks, since, fix: removeWhenUnused }, 'secrets in use'),
  });
  const loadInputRules = createInputRulesLoader(features);
  const counters = createCounters([...stepUpCounters, ...combined.counters]);
  const afterResponse = createAfterResponse(scopes, waitUntil);
  const common = { config, database, now, logger, count: counters.count, afterResponse };
  const replica = createFeatureReplica(features, common);
  const checks = createInspectors({ ...common, credentialRules, replica, clock });
  const eventSender = createFeatureEventSender(features, common);
  const audit = createFeatureAudit(features, { ...common, scopes, sender: eventSender });
  const mailer = createFeatureMailer(features, { ...common, audit });
  const outboxes = [mailer, eventSender].filter((worker) => worker !== undefined);
  const identityProviders = createFeatureIdentityProviders(features, now);
  const limits = createFeatureLimits(features, { orm: database.orm, count: counters.count });
  const authDependencies: AuthDependencies = {
    config,
    orm: database.orm,
    logger,
    scopes,
    clock,
    limits,
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
  const report = createReportSources({
    config,
    orm: database.orm,
    features,
    readState,
    readLimitState: limits.readState,
    services: () => services,
  });
  const logStartupReport = createStartupReport({ ...report, logger });
  const requestFindings: Finding[] = [];
  const { sweepWhenDue, onSwept, lastSweptAt } = createBackgroundSweep(database, {
    now,
    logger,
    lifetime: config.sessionLifetime,
    ...sweepSettingsOf(config.features),
  });
  const stopListeners: (() => Promise<void>)[] = [];
  const collected = combined.usesMetrics
    ? collectMetrics({ pool: database.pool, auth, now, counters, mailer, onSwept, lastSweptAt })
    : undefined;
  const services: FeatureServices = {
    config,
    database,
    auth,
    now,
    describeStartup: () => describeStartup(withReportTimeout(report, deadlineMs)),
    requestFindings,
    onSwept,
    audit,
    mailer,
    identityProviders,
    limits,
    counters,
    metrics: collected?.metrics,
    checkSession: (headers, res) =>
      setSessionReasonHeader(headers, res, { ...checks, countSecretUsage, logger, deadlineMs }),
    credentialRules,
    deadlineMs,
    logger,
    waitUntil,
    onStop: (listener) => void stopListeners.push(listener),
    requiredSignUpFields: combined.requiredSignUpFields,
  };
  const background = createBackgroundWork({
    logger,
    now,
    waitUntil,
    outboxes,
    auth,
    logStartupReport,
    sweepWhenDue,
  });
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
    ...checks,
    countSecretUsage,
    audit,
    endSessions: createEndSessions(database.orm, config.sessionLifetime),
    readState,
    readLimitState: limits.readState,
    deadlineMs,
    auth,
    admitRequest,
    sessionFields: combined.sessionFields,
    publicSettings: combined.publicSettings,
    loadInputRules,
    routes: [
      ...(collected ? [collected.route] : []),
      ...features.flatMap((feature) => feature.createRoutes(services)),
    ],
    onRequestFinding: (finding) => requestFindings.push(finding),
    onRequest: background.onRequest,
    onFirstRequest: background.onFirstRequest,
  });
  return {
    app,
    database,
    audit,
    mailer,
    outboxes,
    async logStartupReport() {
      await logStartupReport();
      await background.sweeping(); // startup includes all of its database queries
    },
    async finish() {
      await Promise.allSettled(stopListeners.map((listener) => listener()));
      await limits.close?.();
      await replica?.close();
    },
    async warmUp() {
      await Promise.all([auth.load(), loadInputRules()]);
    },
  };
}
