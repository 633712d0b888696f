/** BetterAuth's rate limit per address and endpoint, counted in this service's store. */
import type { BetterAuthOptions } from 'better-auth';
import type { RateLimit, RateLimits } from '../config/rate-limits.js';
import { isHalfUsed, type RateLimitStore } from '../db/rate-limit-store.js';
import { passwordSignInPath } from './auth-constants.js';
import { recordDatabaseError, type RequestScopes } from '../request-scope.js';

type Options = NonNullable<BetterAuthOptions['rateLimit']>;

export function limitAddresses(limits: RateLimits, store: RateLimitStore, scopes: RequestScopes) {
  const passwordGuess = { window: 10, max: 3 }; // ASVS 6.3.1
  return {
    enabled: true,
    // Unused because of customStorage, but adds the table to BetterAuth's schema.
    storage: 'database',
    window: limits.perAddress.windowSeconds,
    max: limits.perAddress.max,
    customRules: {
      // An API checks the sessions of all its users from one address, and reading a session involves no guessing.
      '/get-session': false,
      '/sign-in/*': rule(limits.signInPerAddress),
      '/sign-up/*': rule(limits.signInPerAddress),
      // Follows each sign-up: a class behind one address confirms as many addresses as it signs up.
      '/verify-email': rule(limits.signInPerAddress),
      '/change-email/verify': rule(limits.signInPerAddress), // may take a password
      // BetterAuth's own 3 in a minute would stop the fourth visitor of a class; mails have limits of their own.
      '/send-verification-email': rule(limits.signInPerAddress),
      '/request-password-reset': rule(limits.signInPerAddress),
      '/magic-link/verify': rule(limits.signInPerAddress),
      '/email-otp/*': rule(limits.signInPerAddress),
      '/redirect/prove': rule(limits.signInPerAddress),
      '/redirect/confirm': rule(limits.signInPerAddress),
      '/change-password': passwordGuess,
      '/verify-password': passwordGuess,
      '/delete-user': passwordGuess,
      '/change-email': passwordGuess,
    },
    customStorage: {
      async consume(key, { window, max }) {
        const scope = scopes.getStore();
        const [address = '', path = ''] = splitKey(key);
        // Not the path: each made-up parameter value would otherwise have its own row and limit.
        const endpoint = scope?.endpoint ?? path;
        const attempt = {
          key: `${address}|${endpoint}`,
          limit: { max, windowSeconds: window },
        };
        if (scope !== undefined && endpoint === passwordSignInPath) {
          // Counted in account-limit.ts, in one statement with the account's attempt.
          scope.addressAttempt = { key: attempt.key, limit: limits.wrongPasswordsPerAddress };
          return { allowed: true, retryAfter: null };
        }
        try {
          const tried = await store.count(attempt.key, attempt.limit);
          const { isAllowed, retryAfterSeconds } = tried;
          if (scope !== undefined) {
            scope.limitUse = {
              isHalfUsed: isHalfUsed(tried.count, max),
              withdraw: () => store.refund(attempt.key),
            };
          }
          if (!isAllowed && scope) {
            scope.limited = {
              limit: 'address',
              variable: variableFor(endpoint),
              retryAfterSeconds,
            };
          }
          return { allowed: isAllowed, retryAfter: isAllowed ? null : retryAfterSeconds };
        } catch (error) {
          recordDatabaseError(scope, error);
          throw error;
        }
      },
    },
  } satisfies Options;
}

function rule({ max, windowSeconds }: RateLimit) {
  return { max, window: windowSeconds };
}

/** @param key BetterAuth's key: address, `|`, path */
function splitKey(key: string): string[] {
  const at = key.indexOf('|');
  return [key.slice(0, at), key.slice(at + 1)];
}

/** The variable that sets this endpoint's limit; undefined if there is none. */
function variableFor(path: string): string | undefined {
  if (/^\/(?:sign-in|sign-up|magic-link|email-otp)\//.test(path))
    return 'RATE_LIMIT_SIGN_IN_PER_ADDRESS';
  if (
    /^\/(?:verify-email|change-email\/verify|send-verification-email|request-password-reset|redirect\/(?:prove|confirm))$/.test(
      path,
    )
  )
    return 'RATE_LIMIT_SIGN_IN_PER_ADDRESS';
  if (/^\/(?:change-password|verify-password|delete-user|change-email(?:\/\w+)?)$/.test(path))
    return undefined;
  return 'RATE_LIMIT_PER_ADDRESS';
}
