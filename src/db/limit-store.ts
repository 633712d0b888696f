/** Counts attempts in the database: the table rate_limit. */
import { and, eq, gte, like, or, sql, type SQL } from 'drizzle-orm';
import type { LimitStore } from '../limit-store.js';
import type { Orm } from './client.js';
import { createRateLimitStore, nowMs } from './rate-limit-store.js';
import { rateLimit } from './schema.js';
import { createSignInAttempts } from './sign-in-attempts.js';

export function createDatabaseLimits(orm: Orm): LimitStore {
  return {
    ...createRateLimitStore(orm),

    async isUsedUp(key, { max, windowSeconds }) {
      const startedAfter = sql`${nowMs} - ${windowSeconds * 1000}::bigint`;
      const isFull = and(
        eq(rateLimit.key, key),
        gte(rateLimit.count, max),
        gte(rateLimit.lastRequest, startedAfter),
      );
      const rows = await orm.select({ id: rateLimit.id }).from(rateLimit).where(isFull);
      return rows.length > 0;
    },

    signInAttempts: (limits) => createSignInAttempts(orm, limits),

    find: (db, prefixes) =>
      db
        .select({
          key: rateLimit.key,
          count: rateLimit.count,
          lastRequest: rateLimit.lastRequest,
        })
        .from(rateLimit)
        .where(beginsWith(prefixes)),

    async lift(db, prefixes) {
      const lifted = db.delete(rateLimit).where(beginsWith(prefixes));
      return (await lifted.returning({ id: rateLimit.id })).length;
    },
  };
}

function beginsWith(prefixes: readonly string[]): SQL {
  // An underscore, which keys in base64url have, matches any character otherwise.
  const escaped = prefixes.map((prefix) => prefix.replaceAll(/[\\%_]/g, '\\$&'));
  return or(...escaped.map((prefix) => like(rateLimit.key, `${prefix}%`))) ?? sql`false`;
}
