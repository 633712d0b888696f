/**
 * Limits guesses at second factors. A guesser has the first factor already, so unlike for passwords all clients of an account
 * share one pause and one total, except browsers that signed in to it before: the owner's is not held back by a guesser
 * elsewhere. A sign-in with the password is not held back by them.
 */
import { getCurrentAuthEndpointContext } from '@better-auth/core/context';
import { APIError } from 'better-auth/api';
import { eq } from 'drizzle-orm';
import { user } from '../db/schema.js';
import { withErrorsRecorded } from './atomic-changes.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { createKnownDevices } from './known-device.js';
import { secondFactorKeys } from './sign-in-keys.js';
import { accountVariables, tooManyRequests } from './too-many-requests.js';

/** A wrong code is 400; a wrong response of a passkey 401 or 403. */
const guessStatuses: readonly number[] = [400, 401, 403];

export function createSecondFactorLimit({ config, limits, logger, orm, scopes }: AuthDependencies) {
  const { pause, signInPerAccount } = config.rateLimits;
  const attempts = limits.signInAttempts({ pause, account: signInPerAccount });
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
          variable: accountVariables[limit],
          retryAfterSeconds,
        });
      }
      const result = await attempt().catch(async (error: unknown) => {
        // Only a refused proof is a guess. If this fails as well, the attempt stays counted.
        const isGuess = error instanceof APIError && guessStatuses.includes(error.statusCode);
        if (!isGuess) await attempts.refund(counted.counted).catch(() => undefined);
        throw error;
      });
      // The proof is used up by now, so a failure here must not answer 503.
      await attempts.succeed(counted.counted).catch((err: unknown) => {
        logger.warn({ err }, 'a right code stays counted as a wrong one');
      });
      return result;
    },
  };
}
