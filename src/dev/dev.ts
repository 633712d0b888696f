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
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
import { firstCommands } from './first-commands.js';
import { keptSecret } from './kept-secret.js';

const now = () => new Date();
const given = readEnvironment();
const destination = await terminalDestination();
// Until the configuration is read, LOG_LEVEL may be anything.
const setupLogger = createLogger('info', destination);
const say = (sentence: string) => setupLogger.info(sentence);
let embedded: EmbeddedPostgres | undefined;

try {
  const env = await developmentEnvironment(given);
  const config = readConfig(env, now());
  const logger = createLogger(config.logLevel, destination);
  const service = createService({ config, logger, now });
  const server = await listen(service.app, config.port);
  stopOnSignal(async () => {
    await server.stop();
    await service.database.close();
    await embedded?.stop();
  }, logger);
  await service.tellStartup();
  process.stdout.write(firstCommands(config.baseUrl));
} catch (error) {
  tellFailure(error);
  await embedded?.stop();
  process.exit(1);
}

/** Fills in what a fresh clone lacks: a database, a secret, and the word that this is development. */
async function developmentEnvironment(given: Environment): Promise<Environment> {
  const dataDirectory = resolve(given.DATA_DIR || '.data');
  const env: Record<string, string | undefined> = {
    ...given,
    NODE_ENV: given.NODE_ENV || 'development',
  };
  env.BETTER_AUTH_URL ||= `http://localhost:${given.PORT || 3001}`;
  if (env.DATABASE_URL) {
    say('using DATABASE_URL; its schema is yours to migrate: npm run db:migrate');
  } else {
    embedded = await startEmbeddedPostgres({ dataDirectory });
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
  } else if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    setupLogger.fatal('the port is taken: stop what uses it, or set PORT');
  } else if (error instanceof Error && error.name === 'DataInUseError') {
    setupLogger.fatal(error.message);
  } else {
    setupLogger.fatal({ err: error }, 'could not start');
  }
}
