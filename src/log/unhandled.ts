/** Errors that nobody caught: told in our log, where secrets are taken out, not by Node on standard error. */
import { exitAfterFlush } from './exit.js';
import type { Logger } from './logger.js';

/**
 * A rejected promise that nobody awaits hurts no request; an exception may have left anything half done.
 * @param onFatal what must be done before the process ends, at once
 */
export function logUnhandled(logger: Logger, onFatal: () => void = () => undefined): void {
  process.on('unhandledRejection', (err) => {
    logger.error({ err }, 'a promise was rejected and nobody listened');
  });
  process.on('uncaughtException', (err) => {
    logger.fatal({ err }, 'an exception that nobody caught ends the process');
    onFatal();
    exitAfterFlush(logger, 1);
  });
}
