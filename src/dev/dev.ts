/** `npm run dev`: the whole service on an embedded PostgreSQL, with everything it needs made by itself. */
import { join, resolve } from 'node:path';
import { readConfig } from '../config/config.js';
import { readEnvironment, type Environment } from '../config/environment.js';
import { ConfigurationError } from '../config/finding.js';
import { createService } from '../create-service.js';
import { migrateDatabase } from '../db/migrate.js';
import { listen, stopOnSignal } from '../listen.js';
import { createLogger } from '../log/logger.js';
import { terminalDestination } from '../log/terminal.js';
import { tellRefusal } from '../startup/startup-report.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import { firstCommands } from './first-commands.js';
import { keptSecret } from './kept-secret.js';

const now = () => new Date();
const given = readEnvironment();
const destination = await terminalDestination();
// Until the configuration is read, LOG_LEVEL may be anything.
const setupLogger = createLogger('info', destination);
const say = (sentence: string) => setupLogger.info(sentence);

/** What was started so far, and how to stop it: the last one first. */
const stops: (() => Promise<void>)[] = [];

const started = start().catch(async (error: unknown) => {
  tellFailure(error);
  await stopAll();
  process.exit(1);
});
// Ctrl-C may come while the database starts: it is stopped as soon as it can be.
stopOnSignal(() => started.then(stopAll), setupLogger);

async function start(): Promise<void> {
  const config = readConfig(await developmentEnvironment(), now());
  const logger = createLogger(config.logLevel, destination);
  const service = createService({ config, logger, now });
  stops.push(() => service.database.close());
  await service.warmUp();
  const server = await listen(service.app, config.port);
  stops.push(() => server.stop());
  await service.tellStartup();
  process.stdout.write(firstCommands(config.baseUrl));
}

async function stopAll(): Promise<void> {
  for (const stop of stops.reverse()) await stop();
}

/** Fills in what a fresh clone lacks: a database, a secret, and the word that this is development. */
async function developmentEnvironment(): Promise<Environment> {
  const dataDirectory = resolve(given.DATA_DIR || '.data');
  const env: Record<string, string | undefined> = { ...given };
  env.NODE_ENV ||= 'development';
  env.BETTER_AUTH_URL ||= `http://localhost:${given.PORT || 3001}`;
  if (env.DATABASE_URL) {
    say('using DATABASE_URL; its schema is yours to migrate: npm run db:migrate');
  } else {
    const embedded = await startEmbeddedPostgres({ dataDirectory });
    stops.push(() => embedded.stop());
    env.DATABASE_URL = embedded.url;
    await migrateDatabase({ url: embedded.url, say });
  }
  if (!env.BETTER_AUTH_SECRET && !env.BETTER_AUTH_SECRETS) {
    env.BETTER_AUTH_SECRET = await keptSecret(join(dataDirectory, 'development-secret'));
  }
  return env;
}

function tellFailure(error: unknown): void {
  if (error instanceof ConfigurationError) {
    tellRefusal(error.findings, setupLogger);
  } else if (error instanceof Error && ['DataInUseError', 'PortTakenError'].includes(error.name)) {
    setupLogger.fatal(error.message);
  } else {
    setupLogger.fatal({ err: error }, 'could not start');
  }
}
