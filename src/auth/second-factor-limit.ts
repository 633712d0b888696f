/**
 * Limits guesses at second factors. A guesser has the first factor already, so unlike for passwords all clients of an account
 * share one pause and one total, and no network or device is known. A sign-in with the password is not held back by them.
 */
import { createHmac } from 'node:crypto';
import { createSignInAttempts, type SignInKeys } from '../db/sign-in-attempts.js';
import { withErrorsRecorded } from './atomic-changes.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { tooManyRequests } from './too-many-requests.js';

const variables = {
  account_network: 'LIMIT_PAUSE',
  account: 'RATE_LIMIT_SIGN_IN_PER_ACCOUNT',
  address: undefined,
} as const;

export function createSecondFactorLimit({ config, orm, scopes }: AuthDependencies) {
  const { pause, signInPerAccount } = config.rateLimits;
  const attempts = createSignInAttempts(orm, { pause, account: signInPerAccount });

  return {
    /**
     * Counts an attempt, and takes it back if it succeeds.
     * @param attempt verifies and uses up the proof
     * @throws APIError 429, what `attempt` throws, errors of the database
     */
    async during<T>(userId: string, attempt: () => Promise<T>): Promise<T> {
      const keys = secondFactorKeys(config.keyRing.current.value, userId);
      const counted = await withErrorsRecorded(scopes, attempts.count(undefined, keys));
      if (!counted.isAllowed) {
        const { limit, retryAfterSeconds } = counted;
        throw tooManyRequests(scopes.getStore() ?? {}, {
          limit,
          variable: variables[limit],
          retryAfterSeconds,
        });
      }
      const result = await attempt();
      await withErrorsRecorded(scopes, attempts.succeed(counted.counted));
      return result;
    },
  };
}

/** Patterns for LIKE of the keys whose removal lifts the limits of a user's second factors. */
export function secondFactorLockPatterns(secret: string, userId: string): string[] {
  const { pause, total } = secondFactorKeys(secret, userId);
  return [pause, total].map((key) => key.replaceAll('_', '\\_')); // matches any character otherwise
}

/** Keyed, so that a reader of the table does not learn whose attempts they are. */
function secondFactorKeys(secret: string, userId: string): SignInKeys {
  const text = JSON.stringify(['second factor', userId]);
  const account = createHmac('sha256', secret).update(text).digest('base64url');
  const total = `account|factor|${account}`;
  return {
    pause: `pause|factor|${account}`,
    total,
    knownTotal: total,
    marks: [],
    isKnownDevice: true,
  };
}
