/** Passes BetterAuth's own log on as our lines, without the values it puts into its messages. */
import type { BetterAuthOptions } from 'better-auth';
import { databaseFault } from '../db/database-error.js';
import { maskText } from '../log/mask.js';
import type { Logger } from '../log/logger.js';
import type { RequestScopes } from '../request-scope.js';

/** What is shown of a message, in characters: BetterAuth repeats whole URLs that a visitor sent. */
const longestMessage = 500;

/** BetterAuth's `logger` option. Its level must stay `info`: any other makes the router print to the console. */
export function createAuthLogger(
  logger: Logger,
  scopes: RequestScopes,
): NonNullable<BetterAuthOptions['logger']> {
  return {
    disabled: false,
    disableColors: true,
    level: 'info',
    log(level, message, ...details) {
      const err = details.find((detail) => detail instanceof Error);
      // "Sign-up attempt for existing email: …" and its like are routine, and ours to count, not to alarm.
      const ours = level === 'error' && err === undefined ? 'warn' : level;
      const { requestId, unavailable } = scopes.getStore() ?? {};
      if (level === 'error' && unavailable !== undefined) return; // the request's own line says it
      // What the database refused of a request (a value that is taken, for instance) alarms nobody either.
      const isRefusal = err !== undefined && databaseFault(err) === 'rejected';
      logger[isRefusal ? 'info' : ours](
        { source: 'better-auth', requestId, ...(err && { err }) },
        maskText(message).slice(0, longestMessage),
      );
    },
  };
}
