/** Puts the parts together: config → logger → database → auth → app. Opens no socket and asks nothing yet. */
import type { Express } from 'express';
import { createLateAuth } from './auth/late-auth.js';
import type { PasswordCost } from './auth/password.js';
import type { Config } from './config/config.js';
import type { Finding } from './config/finding.js';
import { secretFingerprint } from './config/secrets.js';
import { createApp } from './create-app.js';
import type { Tables } from './db/all-tables.js';
import { retryRead } from './db/retry-read.js';
import { writeCanary } from './db/canary.js';
import { findEarlierCookie } from './db/cookie-history.js';
import { createDatabase, type Database, type DatabaseOptions } from './db/client.js';
import { createEndSessions } from './db/end-sessions.js';
import { findProductionCanary } from './db/preview-guard.js';
import { readDatabaseState } from './db/readiness.js';
import { createSessionStore } from './db/session-store.js';
import { cacheFor } from './db/cache-for.js';
import { claimSweep, sweep, type Swept } from './db/sweep.js';
import { createHourlySweep } from './db/hourly-sweep.js';
import { activateFeatures } from './features/active-features.js';
import { createInputRulesLoader } from './features/input-rules.js';
import { reasonFixes } from './features/reasons.js';
import type { ActiveFeature, FeatureServices } from './features/slots.js';
import { withDeadline } from './http/deadline.js';
import { createPasswordAdmission } from './http/password-admission.js';
import type { Logger } from './log/logger.js';
import { createRequestScopes } from './request-scope.js';
import type { CredentialRules } from './session/credential.js';
import { createInspector } from './session/inspector.js';
import { createSecretUse } from './session/secret-use.js';
import { shownFields } from './session/shown-fields.js';
import { cookiePolicyText } from './startup/cookie-findings.js';
import {
  createStartupReport,
  describeStartup,
  type LogStartupReport,
} from './startup/startup-report.js';

export interface ServiceDependencies {
  readonly config: Config;
  readonly logger: Logger;
  readonly now: () => Date;
  /** Keeps the process awake until the promise settles, where the platform suspends it between requests. */
  readonly keepAwake?: (work: Promise<void>) => void;
  readonly databaseTimeouts?: Pick<DatabaseOptions, 'connectTimeoutMs' | 'queryTimeoutMs'>;
  /** The longest a request waits for the database, in milliseconds. */
  readonly deadlineMs?: number;
  /** The features that are on; those that the configuration switches on where not given. */
  readonly features?: readonly ActiveFeature[];
  /** All of the service where not given. */
  readonly tables?: Tables;
  /** Of new password hashes; OWASP's minimum where not given. */
  readonly passwordCost?: PasswordCost;
}

export interface Service {
  readonly app: Express;
  readonly database: Database;
  readonly logStartupReport: LogStartupReport;
  /** Loads what the first sign-in would wait for otherwise; after the first request it happens by itself. */
  readonly warmUp: () => Promise<void>;
}

/** Ten seconds: Neon wakes in less, and a caller that waits longer has given up. */
const defaultDeadlineMs = 10_000;

/** A load balancer's probes, and everybody else's, cost one reading in so many milliseconds. */
const stateTtlMs = 3_000;

/** Beside requests; what is left waits for the next hour. */
const sweepLastsMs = 10_000;

type Report = Parameters<typeof describeStartup>[0];

const dropWhenUnused =
  'a version that every process has told at 0 for SESSION_IDLE_DAYS can be dropped from BETTER_AUTH_SECRETS';

const notLoaded = 'BetterAuth cannot be loaded: /api/auth answers 500';

export function createService(dependencies: ServiceDependencies): Service {
  const { config, logger, now, keepAwake, passwordCost } = dependencies;
  const { deadlineMs = defaultDeadlineMs } = dependencies;
  const features = dependencies.features ?? activateFeatures(config.features);
  const database = createDatabase({
    url: config.databaseUrl,
    maxConnections: config.databasePoolSize,
    now,
    onIdleError: (err) => logger.warn({ err }, 'an idle database connection broke'),
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
    findSession: retryRead(
      createSessionStore(database.orm, {
        onFallback: (sqlState) => tellFallback(logger, sqlState),
      }),
    ),
    lifetime: config.sessionLifetime,
    now,
  });
  const countSecretUse = createSecretUse({
    versions: credentialRules.secrets.map(({ version }) => version),
    now,
    tell: (checks, since) => logger.info({ checks, since, fix: dropWhenUnused }, 'secrets in use'),
  });
  const readState = cacheFor(() => readDatabaseState(database.orm, now), stateTtlMs);
  const authDependencies = { config, orm: database.orm, logger, scopes, passwordCost };
  const auth = createLateAuth(authDependencies, async () => {
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
  const report: Report = {
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
    describeStartup: () => describeStartup(withinDeadline(report, deadlineMs)),
    requestFindings,
    onSwept: (listener) => void sweepListeners.push(listener),
  };
  const { pool } = database;
  const hasRoom = () =>
    pool.waitingCount === 0 && (pool.idleCount > 0 || pool.totalCount < pool.options.max);
  let sweeping: Promise<void> | undefined;
  const sweepWhenDue = createHourlySweep({
    now,
    logger,
    hasRoom,
    claim: () => claimSweep(database.orm),
    sweep: () => sweep(database.orm, { now: now(), withinMs: sweepLastsMs, hasRoom }),
    onSwept(swept) {
      for (const listener of sweepListeners) listener(swept);
    },
  });
  const tellNotLoaded = (err: unknown) => {
    logger.error({ err, fix: 'deploy again, with all files of the build' }, notLoaded);
  };
  const admitPassword = createPasswordAdmission({
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
    countSecretUse,
    endSessions: createEndSessions(database.orm),
    readState,
    deadlineMs,
    auth,
    admitPassword,
    sessionFields: shownFields(features.flatMap(({ publicFields }) => publicFields ?? [])),
    loadInputRules: createInputRulesLoader(features),
    routes: features.flatMap((feature) => feature.createRoutes(services)),
    onRequestFinding: (finding) => requestFindings.push(finding),
    onAnswer(answered) {
      // Behind the report: a cold start opens one connection for both.
      const work = sweepWhenDue(async () => {
        await answered();
        await logStartupReport();
      });
      if (work === undefined) return;
      sweeping = work;
      keepAwake?.(work);
    },
    onFirstRequest(answered) {
      const told = answered.then(async () => {
        await Promise.all([logStartupReport(), auth.load().catch(tellNotLoaded)]);
      });
      // Now, because the platform knows of the request only while it is answered.
      keepAwake?.(told);
    },
  });
  return {
    app,
    database,
    async logStartupReport() {
      await logStartupReport();
      await sweeping; // whoever waits for the start to be over means all that it asks of the database
    },
    warmUp: auth.load,
  };
}

/** The same report, whose questions to the database end together: what has no answer by then is left out. */
function withinDeadline(report: Report, milliseconds: number): Report {
  const endsAt = performance.now() + milliseconds;
  const inTime = <T>(work: Promise<T>) =>
    withDeadline(work, Math.max(1, endsAt - performance.now()));
  return {
    config: report.config,
    readState: () => inTime(report.readState()),
    writeCanary: () => inTime(report.writeCanary()),
    findEarlierCookie: () => inTime(report.findEarlierCookie()),
    findProductionCanary: () => inTime(report.findProductionCanary()),
    findFeatureFaults: () => inTime(report.findFeatureFaults()),
  };
}

/** At info, because nothing is wrong: the check that found out was answered as well. */
function tellFallback(logger: Logger, sqlState: string | undefined): void {
  const fix = 'nothing must change; a direct URL or a pooler that keeps them makes checks faster';
  logger.info(
    { code: 'PREPARED_STATEMENT_NOT_KEPT', variable: 'DATABASE_URL', fix, sqlState },
    'DATABASE_URL leads to a pooler that keeps no prepared statements: session checks run without',
  );
}
