/** `npm run dev`: the whole service on an embedded PostgreSQL; everything it needs is created automatically. */
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCleanEnvironment } from '../config/clean-values.js';
import { readConfig } from '../config/config.js';
import type { Environment } from '../config/environment.js';
import { ConfigurationError } from '../config/finding.js';
import { createService } from '../create-service.js';
import { migrateDatabase } from '../db/migrate.js';
import type { DevPart } from '../features/dev-part.js';
import { startDevParts } from '../features/dev-parts.js';
import { listen } from '../listen.js';
import { exitAfterFlush } from '../log/exit.js';
import { createLogger } from '../log/logger.js';
import { standardOutput } from '../log/terminal.js';
import { logUnhandled } from '../log/unhandled.js';
import { logRefusal } from '../startup/startup-report.js';
import { startOutboxTimer } from '../outbox-timer.js';
import { shutDownGracefully } from '../graceful-shutdown.js';
import { listenForStop } from '../stop-request.js';
import { withApiReference } from './api-reference.js';
import { withDevParts } from './with-dev-parts.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
import { firstCommands } from './first-commands.js';
import { readOrCreateDevelopmentSecret } from './development-secret.js';

/** An unresponsive database never closes its connections. */
const closeDatabaseMs = 2_000;

const requests = listenForStop();
const now = () => new Date();
const given = readCleanEnvironment();
if (given.npm_lifecycle_event !== undefined) requests.endWithParent();
const output = standardOutput(given);
// LOG_LEVEL is not validated until the configuration is read.
const setupLogger = createLogger('info', output);
const logProgress = (message: string) => setupLogger.info(message);

/** Stops what has been started; run in reverse order. */
const stops: (() => Promise<boolean>)[] = [];
let isStopping = false;
/** Resolves when the database has started or failed to start. */
let databaseSettled: Promise<unknown> = Promise.resolve();
let postgres: EmbeddedPostgres | undefined;

logUnhandled(setupLogger, () => postgres?.abandon());
// Ctrl-C may arrive while the database starts: it is stopped as soon as possible.
shutDownGracefully(requests, {
  logger: setupLogger,
  async stop() {
    isStopping = true;
    await databaseSettled;
    return stopAll();
  },
  abandon: () => postgres?.abandon(),
});

await start().catch(async (error: unknown) => {
  if (isStopping) return; // the failure is caused by stopping
  logFailure(error);
  await stopAll();
  exitAfterFlush(setupLogger, 1);
});

async function start(): Promise<void> {
  const environment = await developmentEnvironment();
  const parts = await startDevParts(environment);
  stops.push(async () => {
    await Promise.all(parts.map((part) => part.stop()));
    return true;
  });
  const config = readConfig(withParts(environment, parts), now());
  const logger = createLogger(config.logLevel, output);
  const service = createService({ config, logger, now });
  stops.push(async () => {
    await Promise.race([service.database.close(), sleep(closeDatabaseMs)]);
    return true;
  });
  stops.push(async () => {
    await Promise.race([service.audit?.flush(), sleep(closeDatabaseMs)]);
    return true;
  });
  const stopOutboxes = startOutboxTimer(service.outboxes, now);
  stops.push(async () => {
    await Promise.race([stopOutboxes(), sleep(closeDatabaseMs)]);
    return true;
  });
  await service.warmUp();
  if (isStopping) return;
  const { baseUrl, dataDirectory } = config;
  const app = withApiReference(withDevParts(service.app, parts), { baseUrl, dataDirectory });
  const server = await listen(app, config.port, config.host);
  stops.push(async () => (await server.stop()) === 0);
  await service.logStartupReport();
  output.write(firstCommands(baseUrl, parts));
}

/** @returns whether everything stopped cleanly */
async function stopAll(): Promise<boolean> {
  let isClean = true;
  for (const stop of stops.splice(0).reverse()) isClean = (await stop()) && isClean;
  return isClean;
}

/** Sets what a fresh clone lacks: a database, a secret and NODE_ENV=development. */
async function developmentEnvironment(): Promise<Environment> {
  const dataDirectory = resolve(given.DATA_DIR || '.data');
  const env: Record<string, string | undefined> = { ...given };
  env.NODE_ENV ||= 'development';
  env.BETTER_AUTH_URL ||= `http://localhost:${given.PORT || 3001}`;
  if (env.DATABASE_URL) {
    logProgress('using DATABASE_URL, which is not migrated automatically: run npm run db:migrate');
  } else {
    const starting = startEmbeddedPostgres({ dataDirectory });
    databaseSettled = starting.then(
      () => undefined,
      () => undefined,
    );
    const embedded = (postgres = await starting);
    stops.push(() => embedded.stop().then(() => true));
    env.DATABASE_URL = embedded.url;
    await migrateDatabase({ url: embedded.url, onProgress: logProgress });
  }
  if (!env.BETTER_AUTH_SECRET && !env.BETTER_AUTH_SECRETS) {
    env.BETTER_AUTH_SECRET = await readOrCreateDevelopmentSecret(
      join(dataDirectory, 'development-secret'),
    );
  }
  return env;
}

function withParts(environment: Environment, parts: readonly DevPart[]): Environment {
  return Object.assign({}, environment, ...parts.map((part) => part.environment)) as Environment;
}

function logFailure(error: unknown): void {
  if (error instanceof ConfigurationError) {
    logRefusal(error.findings, setupLogger);
  } else if (error instanceof Error && ['DataInUseError', 'ListenError'].includes(error.name)) {
    setupLogger.fatal(error.message);
  } else {
    setupLogger.fatal({ err: error }, 'could not start');
  }
}
