/** Logs unhandled errors in our log, which masks secrets, instead of Node's output on standard error. */
import { exitAfterFlush } from './exit.js';
import type { Logger } from './logger.js';

/**
 * An unhandled rejection affects no request, so the process continues. After an uncaught exception the state is unknown,
 * so it exits.
 * @param onFatal synchronous cleanup before the process exits
 */
export function logUnhandled(logger: Logger, onFatal: () => void = () => undefined): void {
  process.on('unhandledRejection', (err) => {
    logger.error({ err }, 'unhandled promise rejection');
  });
  process.on('uncaughtException', (err) => {
    logger.fatal({ err }, 'uncaught exception, exiting');
    onFatal();
    exitAfterFlush(logger, 1);
  });
}
