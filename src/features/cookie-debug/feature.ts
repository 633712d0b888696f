/** Cookie debugging: what cookies a request brought and its response set, in the log line of the request. */
import { z } from 'zod';
import type { Finding } from '../../config/finding.js';
import { oneOf } from '../../config/variable-types.js';
import { defineFeature } from '../definition.js';

export interface CookieDebugSettings {
  readonly mode: 'summary' | 'raw';
  /** When `raw` ends; from then on values are masked. */
  readonly until: Date | undefined;
}

const variable = 'COOKIE_DEBUG_UNTIL';
const hourMs = 3_600_000;

export const cookieDebug = defineFeature({
  name: 'cookie-debug',
  summary: 'logs the cookies that each request brings and each response sets, masked or in full',
  variables: {
    COOKIE_DEBUG: oneOf(['off', 'summary', 'raw'])
      .default('off')
      .describe('`summary` logs each cookie masked, `raw` its value'),
    [variable]: z.iso
      .datetime({ offset: true, error: 'is not a time like 2026-01-31T12:00:00Z' })
      .optional()
      .describe('when `COOKIE_DEBUG=raw` ends; in production at most an hour ahead'),
  },
  readSettings(
    { COOKIE_DEBUG: mode, [variable]: end },
    core,
    report,
  ): CookieDebugSettings | undefined {
    if (mode === 'off') return undefined;
    const until = end === undefined ? undefined : new Date(end);
    if (mode === 'raw') checkEnd(until, core, report);
    return { mode, until };
  },
});

function checkEnd(
  until: Date | undefined,
  {
    isProduction,
    now,
    isSet,
  }: { isProduction: boolean; now: Date; isSet: (name: string) => boolean },
  report: (finding: Finding) => void,
): void {
  const add = (level: Finding['level'], code: string, message: string, fix: string) =>
    report({ level, code, variable, message, fix });
  if (!isSet(variable)) {
    add('error', 'COOKIE_DEBUG_UNTIL_MISSING', 'is not set, and raw cookies need an end', 'set it');
  } else if (until && isProduction && until.getTime() > now.getTime() + hourMs) {
    const fix = 'choose a time within the next hour';
    add('error', 'COOKIE_DEBUG_UNTIL_TOO_FAR', 'is more than an hour ahead', fix);
  } else if (until && until <= now) {
    add('warn', 'COOKIE_DEBUG_OVER', 'has passed, so cookies are masked', 'set COOKIE_DEBUG=off');
  }
}
