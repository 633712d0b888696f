/**
 * Five tries in ten minutes for each browser and address. They are counted apart from the code, so that a new code does
 * not bring new tries, and per browser, so that guesses in other browsers cost the owner none.
 */
import { createHmac } from 'node:crypto';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import type { RateLimit } from '../../../config/rate-limits.js';

const limit: RateLimit = { max: 5, windowSeconds: 600 };

export type Tries = ReturnType<typeof createTries>;

export function createTries({ config, limits }: Pick<AuthDependencies, 'config' | 'limits'>) {
  /** Holds neither address nor browser in clear. */
  function keyOf(email: string, browser: string): string {
    const { value } = config.keyRing.current;
    const text = JSON.stringify(['email code', email, browser]);
    return `code|${createHmac('sha256', value).update(text).digest('base64url')}`;
  }

  return {
    /** Counts one try, atomically. @throws errors of the store */
    async take(email: string, browser: string): Promise<{ isAllowed: boolean; left: number }> {
      const { isAllowed, count } = await limits.count(keyOf(email, browser), limit);
      return { isAllowed, left: Math.max(0, limit.max - count) };
    },

    /** A right code takes no try. @throws errors of the store */
    giveBack: (email: string, browser: string) => limits.refund(keyOf(email, browser)),

    /** Whether no try is left, so that another code would be of no use. @throws errors of the store */
    areUsedUp: (email: string, browser: string) => limits.isUsedUp(keyOf(email, browser), limit),
  };
}
