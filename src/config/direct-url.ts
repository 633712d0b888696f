/** Finds a pooler where a direct connection is needed. */
import type { Finding } from './finding.js';

/**
 * A pooler in transaction mode may give each statement another connection, so the lock that keeps two migrations apart
 * holds nothing. Neon marks its pooler's hosts.
 * @param url of `variable`, parseable
 */
export function poolerFinding(variable: string, url: string): Finding | undefined {
  if (!new URL(url).hostname.split('.')[0]?.endsWith('-pooler')) return undefined;
  return {
    level: 'warn',
    code: 'MIGRATION_THROUGH_POOLER',
    variable,
    message: 'leads migrations through a pooler, which keeps no lock: two at once may collide',
    fix: 'set DATABASE_URL_UNPOOLED to the direct URL, the one without -pooler in its host',
  };
}
