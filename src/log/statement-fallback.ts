/** Logs that session checks run without a prepared statement. */
import type { Logger } from './logger.js';

/** Level info, because nothing is wrong: the check that detected it succeeded as well. */
export function logStatementFallback(
  logger: Logger,
  sqlState: string | undefined,
  variable = 'DATABASE_URL',
): void {
  const fix = 'optional: a direct URL, or a pooler that supports them, makes session checks faster';
  logger.info(
    { code: 'PREPARED_STATEMENT_NOT_KEPT', variable, fix, sqlState },
    `${variable} points to a pooler without support for prepared statements: session checks run without them`,
  );
}
