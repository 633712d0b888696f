/** Passes BetterAuth's own log on as our lines, without the values it puts into its messages. */
import type { BetterAuthOptions } from 'better-auth';
import { maskText } from '../log/mask.js';
import type { Logger } from '../log/logger.js';

/** BetterAuth's `logger` option. Its level must stay `info`: any other makes the router print to the console. */
export function createAuthLogger(logger: Logger): NonNullable<BetterAuthOptions['logger']> {
  return {
    disabled: false,
    disableColors: true,
    level: 'info',
    log(level, message, ...details) {
      const err = details.find((detail) => detail instanceof Error);
      // "Sign-up attempt for existing email: …" and its like are routine, and ours to count, not to alarm.
      const ours = level === 'error' && err === undefined ? 'warn' : level;
      logger[ours]({ source: 'better-auth', ...(err && { err }) }, maskText(message));
    },
  };
}
