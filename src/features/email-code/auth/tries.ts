/**
 * Five tries in ten minutes for each browser and address. They are counted apart from the code, so that a new code does
 * not bring new tries, and per browser, so that guesses in other browsers cost the owner none.
 */
import { createHmac } from 'node:crypto';
import { and, eq, gte, sql } from 'drizzle-orm';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import type { RateLimit } from '../../../config/rate-limits.js';
import { createRateLimitStore } from '../../../db/rate-limit-store.js';
import { rateLimit } from '../../../db/schema.js';

const limit: RateLimit = { max: 5, windowSeconds: 600 };

export type Tries = ReturnType<typeof createTries>;

export function createTries({ config, orm }: Pick<AuthDependencies, 'config' | 'orm'>) {
  const store = createRateLimitStore(orm);

  /** Holds neither address nor browser in clear. */
  function keyOf(email: string, browser: string): string {
    const { value } = config.keyRing.current;
    const text = JSON.stringify(['email code', email, browser]);
    return `code|${createHmac('sha256', value).update(text).digest('base64url')}`;
  }

  return {
    /** Counts one try, atomically. @throws the driver's error */
    async take(email: string, browser: string): Promise<{ isAllowed: boolean; left: number }> {
      const { isAllowed, count } = await store.count(keyOf(email, browser), limit);
      return { isAllowed, left: Math.max(0, limit.max - count) };
    },

    /** A right code takes no try. @throws the driver's error */
    giveBack: (email: string, browser: string) => store.refund(keyOf(email, browser)),

    /** Whether no try is left, so that another code would be of no use. @throws the driver's error */
    async areUsedUp(email: string, browser: string): Promise<boolean> {
      const windowMs = limit.windowSeconds * 1000;
      const startedAfter = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint - ${windowMs}::bigint`;
      const rows = await orm
        .select({ id: rateLimit.id })
        .from(rateLimit)
        .where(
          and(
            eq(rateLimit.key, keyOf(email, browser)),
            gte(rateLimit.count, limit.max),
            gte(rateLimit.lastRequest, startedAfter),
          ),
        );
      return rows.length > 0;
    },
  };
}
