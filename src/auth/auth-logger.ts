/** Forwards BetterAuth's log to the service's logger, with values in its messages masked. */
import type { BetterAuthOptions } from 'better-auth';
import { databaseFault } from '../db/database-error.js';
import { maskText } from '../log/mask.js';
import type { Logger } from '../log/logger.js';
import type { RequestScopes } from '../request-scope.js';

/** The logged part of a message, in characters: BetterAuth echoes whole URLs from requests. */
const maxMessageLength = 500;

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
      // "Sign-up attempt for existing email: …" and similar messages are routine, so no alert is needed.
      const ownLevel = level === 'error' && err === undefined ? 'warn' : level;
      const { requestId, unavailable } = scopes.getStore() ?? {};
      if (level === 'error' && unavailable !== undefined) return; // the request's own log line has it
      // Neither is one if the database rejected a value of the request, such as a duplicate.
      const isRejected = err !== undefined && databaseFault(err) === 'rejected';
      logger[isRejected ? 'info' : ownLevel](
        { source: 'better-auth', requestId, ...(err && { err }) },
        maskText(message).slice(0, maxMessageLength),
      );
    },
  };
}
