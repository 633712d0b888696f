/** What `npm start` does, once src/server.ts listens for signals. Refuses a bad configuration with every fault named. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig, type Config } from './config/config.js';
import { readEnvironment } from './config/environment.js';
import { ConfigurationError } from './config/finding.js';
import { createService } from './create-service.js';
import { BuildIncompleteError, readMigrations } from './db/migrations.js';
import { listen, ListenError, type RunningServer } from './listen.js';
import { exitAfterFlush } from './log/exit.js';
import { createLogger } from './log/logger.js';
import { standardOutput } from './log/terminal.js';
import { logUnhandled } from './log/unhandled.js';
import { logRefusal } from './startup/startup-report.js';
import { stopInTime } from './stop-in-time.js';
import type { StopRequests } from './stop-request.js';

/** A database that does not answer closes no connection; its end is the same for it without the goodbye. */
const closeDatabaseMs = 2_000;

export async function serve(requests: StopRequests): Promise<void> {
  const now = () => new Date();
  const environment = readEnvironment();
  if (environment.npm_lifecycle_event !== undefined) requests.endWithParent();
  const output = standardOutput(environment);
  let config: Config;
  try {
    config = readConfig(environment, now());
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const logger = createLogger('info', output);
    logRefusal(error.findings, logger);
    exitAfterFlush(logger, 1);
    return;
  }
  const logger = createLogger(config.logLevel, output);
  logUnhandled(logger);
  const service = createService({ config, logger, now });
  let server: RunningServer | undefined;
  let stopping = false;
  const isStopping = () => stopping;
  stopInTime(requests, {
    logger,
    async stop() {
      stopping = true;
      const cut = (await server?.stop()) ?? 0;
      if (cut > 0) logger.error({ requests: cut }, 'requests were cut off');
      await Promise.race([service.database.close(), sleep(closeDatabaseMs)]);
      return cut === 0;
    },
  });

  try {
    readMigrations(); // a build without them could never be ready
    await service.warmUp();
    if (isStopping()) return;
    server = await listen(service.app, config.port, config.host);
    logger.info({ port: server.port, host: config.host }, 'listening');
    await service.logStartupReport();
  } catch (err) {
    if (err instanceof ListenError) logger.fatal({ variable: err.variable }, err.message);
    else if (err instanceof BuildIncompleteError)
      logger.fatal({ code: 'BUILD_INCOMPLETE' }, err.message);
    else logger.fatal({ err }, 'cannot start');
    exitAfterFlush(logger, 1);
  }
}
