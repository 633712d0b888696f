/** `npm start`: the production server for any host. Refuses a bad configuration with every fault named. */
import { readConfig, type Config } from './config/config.js';
import { readEnvironment } from './config/environment.js';
import { ConfigurationError } from './config/finding.js';
import { createService } from './create-service.js';
import { listen, PortTakenError, stopOnSignal } from './listen.js';
import { exitWhenWritten } from './log/exit.js';
import { batchedOutput, createLogger } from './log/logger.js';
import { terminalDestination } from './log/terminal.js';
import { tellUnhandled } from './log/unhandled.js';
import { tellRefusal } from './startup/startup-report.js';

const now = () => new Date();
const terminal = await terminalDestination();
const config = readConfigOrExit();
const logger = createLogger(config.logLevel, terminal ?? batchedOutput());
tellUnhandled(logger);
const service = createService({ config, logger, now });

try {
  await service.warmUp();
  const server = await listen(service.app, config.port);
  stopOnSignal(async () => {
    await server.stop();
    await service.database.close();
  }, logger);
  logger.info({ port: server.port }, 'listening');
  await service.tellStartup();
} catch (err) {
  if (err instanceof PortTakenError) logger.fatal({ variable: 'PORT' }, err.message);
  else logger.fatal({ err }, 'cannot start');
  exitWhenWritten(logger, 1);
}

function readConfigOrExit(): Config {
  try {
    return readConfig(readEnvironment(), now());
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    tellRefusal(error.findings, createLogger('info', terminal));
    process.exit(1);
  }
}
