/** Ends the process when what was logged has been written. */
import type { Logger } from './logger.js';

/** A reader of standard output that hangs must not keep the process alive. */
const patienceMs = 1_000;

export function exitWhenWritten(logger: Logger, code: number): void {
  const end = () => process.exit(code);
  setTimeout(end, patienceMs);
  logger.flush(end);
}
