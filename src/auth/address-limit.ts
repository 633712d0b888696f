/** BetterAuth's rate limit by address and endpoint, counted by our own store. */
import type { BetterAuthOptions } from 'better-auth';
import type { RateLimit, RateLimits } from '../config/rate-limits.js';
import type { RateLimitStore } from '../db/rate-limit-store.js';
import { noteDatabaseError, type RequestScopes } from '../request-scope.js';

type Options = NonNullable<BetterAuthOptions['rateLimit']>;

export function limitAddresses(
  limits: RateLimits,
  store: Pick<RateLimitStore, 'count'>,
  scopes: RequestScopes,
) {
  const guess = { window: 10, max: 3 }; // ASVS 6.3.1
  return {
    enabled: true,
    // Which it is not asked for while customStorage is there; but its schema then has the table.
    storage: 'database',
    window: limits.perAddress.windowSeconds,
    max: limits.perAddress.max,
    customRules: {
      // An API asks for all its visitors from one address; reading a session guesses nothing.
      '/get-session': false,
      '/sign-in/*': rule(limits.signInPerAddress),
      '/sign-up/*': rule(limits.signInPerAddress),
      '/change-password': guess,
      '/verify-password': guess,
      '/delete-user': guess,
    },
    customStorage: {
      async consume(key, { window, max }) {
        const scope = scopes.getStore();
        const [address = '', path = ''] = splitKey(key);
        // Not the path: each value that a visitor makes up for a parameter would get a row and a limit of its own.
        const endpoint = scope?.endpoint ?? path;
        try {
          const tried = await store.count(`${address}|${endpoint}`, { max, windowSeconds: window });
          const { isAllowed, retryAfterSeconds } = tried;
          if (!isAllowed && scope) {
            scope.limited = {
              limit: 'address',
              variable: variableFor(endpoint),
              retryAfterSeconds,
            };
          }
          return { allowed: isAllowed, retryAfter: isAllowed ? null : retryAfterSeconds };
        } catch (error) {
          noteDatabaseError(scope, error);
          throw error;
        }
      },
    },
  } satisfies Options;
}

function rule({ max, windowSeconds }: RateLimit) {
  return { max, window: windowSeconds };
}

/** @param key BetterAuth's: the address, `|` and the path */
function splitKey(key: string): string[] {
  const at = key.indexOf('|');
  return [key.slice(0, at), key.slice(at + 1)];
}

/** The variable that sets this endpoint's limit; undefined: none does. */
function variableFor(path: string): string | undefined {
  if (/^\/sign-(?:in|up)\//.test(path)) return 'RATE_LIMIT_SIGN_IN_PER_ADDRESS';
  if (/^\/(?:change-password|verify-password|delete-user)$/.test(path)) return undefined;
  return 'RATE_LIMIT_PER_ADDRESS';
}
