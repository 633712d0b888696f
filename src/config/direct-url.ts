/** Detects a pooler where a direct connection is needed. */
import type { Finding } from './finding.js';

/**
 * A pooler in transaction mode may use another connection for each statement, so the advisory lock against concurrent
 * migrations has no effect. Neon's pooler hosts have the suffix `-pooler`.
 * @param url of `variable`, parseable
 */
export function poolerFinding(variable: string, url: string): Finding | undefined {
  if (!new URL(url).hostname.split('.')[0]?.endsWith('-pooler')) return undefined;
  return {
    level: 'warn',
    code: 'MIGRATION_THROUGH_POOLER',
    variable,
    message:
      'sends migrations through a pooler, which does not keep locks: concurrent migrations may conflict',
    fix: 'set DATABASE_URL_UNPOOLED to the direct URL, the one without -pooler in its host',
  };
}
