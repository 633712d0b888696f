/** The one line that says why nobody could tell: what the database did, and the setting that mends it. */
import { explainUnavailable } from '../db/unavailable.js';
import type { Logger } from './logger.js';

/** At error, joined with the request's own line by its id. */
export function tellUnavailable(logger: Logger, err: unknown, requestId: string): void {
  const { code, message, fix } = explainUnavailable(err);
  const seen = `DATABASE_URL ${message}`;
  logger.error(
    { err, requestId, code, variable: 'DATABASE_URL', seen, fix },
    'database unavailable',
  );
}
