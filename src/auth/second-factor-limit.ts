/**
 * Limits guesses at second factors. A guesser has the first factor already, so unlike for passwords all clients of an account
 * share one pause and one total, except browsers that signed in to it before: the owner's is not held back by a guesser
 * elsewhere. A sign-in with the password is not held back by them.
 */
import { getCurrentAuthEndpointContext } from '@better-auth/core/context';
import { APIError } from 'better-auth/api';
import { eq } from 'drizzle-orm';
import { user } from '../db/schema.js';
import { createSignInAttempts } from '../db/sign-in-attempts.js';
import { withErrorsRecorded } from './atomic-changes.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { createKnownDevices } from './known-device.js';
import { secondFactorKeys } from './sign-in-keys.js';
import { tooManyRequests } from './too-many-requests.js';

const variables = {
  account_network: 'LIMIT_PAUSE',
  account: 'RATE_LIMIT_SIGN_IN_PER_ACCOUNT',
  address: undefined,
} as const;

export function createSecondFactorLimit({ config, orm, scopes }: AuthDependencies) {
  const { pause, signInPerAccount } = config.rateLimits;
  const attempts = createSignInAttempts(orm, { pause, account: signInPerAccount });
  const knownDevices = createKnownDevices(config);

  /** The id of this browser, if it has signed in to the account before. */
  async function findDevice(userId: string): Promise<string | undefined> {
    const { headers } = getCurrentAuthEndpointContext() as { readonly headers?: Headers };
    const query = orm.select({ email: user.email }).from(user).where(eq(user.id, userId));
    const [owner] = await query;
    return owner && knownDevices.find(headers, owner.email);
  }

  return {
    /**
     * Counts an attempt, and takes it back if it succeeds.
     * @param attempt verifies and uses up the proof
     * @throws APIError 429, what `attempt` throws, errors of the database
     */
    async during<T>(userId: string, attempt: () => Promise<T>): Promise<T> {
      const device = await withErrorsRecorded(scopes, findDevice(userId));
      const keys = secondFactorKeys(config.keyRing.current.value, userId, device);
      const counted = await withErrorsRecorded(scopes, attempts.count(undefined, keys));
      if (!counted.isAllowed) {
        const { limit, retryAfterSeconds } = counted;
        throw tooManyRequests(scopes.getStore() ?? {}, {
          limit,
          variable: variables[limit],
          retryAfterSeconds,
        });
      }
      const result = await attempt().catch(async (error: unknown) => {
        // A fault of ours is no wrong code. If this fails as well, the attempt stays counted.
        if (!(error instanceof APIError)) await attempts.refund(counted.counted).catch(() => {});
        throw error;
      });
      await withErrorsRecorded(scopes, attempts.succeed(counted.counted));
      return result;
    },
  };
}
