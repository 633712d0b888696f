/**
 * Limits password guessing (ASVS 6.3.1): pauses for each account and network, a total for each account, which a limit per
 * address cannot give, and a total for each address. Only wrong passwords count: a correct one is refunded. To prevent
 * locking out a user by guessing, a network or browser from which the account signed in is counted apart.
 */
import type { BetterAuthOptions } from 'better-auth';
import { APIError } from 'better-auth/api';
import type { RateLimits } from '../config/rate-limits.js';
import type { KeyRing } from '../config/secrets.js';
import type { RateLimitStore } from '../db/rate-limit-store.js';
import type { SignInAttempts, SignInKeys } from '../sign-in-attempt.js';
import type { LimitName } from '../limit-reasons.js';
import type { Logger } from '../log/logger.js';
import { recordDatabaseError, type RequestScope, type RequestScopes } from '../request-scope.js';
import { clientIpHeader, passwordSignInPath, signUpPath } from './auth-constants.js';
import { startsSession } from './first-factors.js';
import type { KnownDevices } from './known-device.js';
import { accountFingerprint, signInKeys } from './sign-in-keys.js';
import { tooManyRequests } from './too-many-requests.js';

type Hooks = NonNullable<BetterAuthOptions['hooks']>;
type Hook = NonNullable<Hooks['before']>;
/** The context that BetterAuth passes to hooks, which its types omit (dist/api/dispatch.mjs). */
interface Context {
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Headers;
  readonly context: {
    readonly newSession: { readonly user: { readonly email: string } } | null;
    readonly returned?: unknown;
  };
}

export interface AccountLimitDependencies {
  readonly rateLimits: RateLimits;
  readonly store: Pick<RateLimitStore, 'count'>;
  readonly attempts: SignInAttempts;
  readonly keyRing: KeyRing;
  readonly knownDevices: Pick<KnownDevices, 'find'>;
  readonly scopes: RequestScopes;
  readonly logger: Logger;
}

/** No e-mail address is longer (RFC 5321 4.5.3.1.3), so a longer one belongs to no account. */
const maxEmailLength = 254;

/** @returns the hooks, with the limits checked before and the attempt settled after them */
export function limitAccounts(hooks: Required<Hooks>, dependencies: AccountLimitDependencies) {
  const { rateLimits, store, attempts, keyRing, knownDevices, scopes, logger } = dependencies;
  const variables: Readonly<Record<LimitName, string>> = {
    address: rateLimits.wrongPasswordsPerAddress.variable,
    account: 'RATE_LIMIT_SIGN_IN_PER_ACCOUNT',
    account_network: 'LIMIT_PAUSE',
  };

  const keysFor = (ctx: Context, email: string): SignInKeys =>
    signInKeys(keyRing, email, {
      address: ctx.headers?.get(clientIpHeader) ?? '',
      device: knownDevices.find(ctx.headers, email),
    });

  async function count(ctx: Context): Promise<void> {
    if (ctx.path !== passwordSignInPath) return;
    const scope = scopes.getStore();
    if (scope === undefined) return;
    const address = scope.addressAttempt;
    // BetterAuth's rate limit runs before every hook: without it passwords could be guessed without limit.
    if (address === undefined) throw new Error('a sign-in skipped the limit per address');
    const email = accountOf(ctx.body);
    try {
      if (email === undefined) {
        const { isAllowed, retryAfterSeconds } = await store.count(address.key, address.limit);
        if (!isAllowed) throw refuse(scope, 'address', retryAfterSeconds);
        return;
      }
      const keys = keysFor(ctx, email);
      const attempt = await attempts.count(address, keys);
      scope.accountFingerprint = accountFingerprint(keys);
      if (!attempt.isAllowed) throw refuse(scope, attempt.limit, attempt.retryAfterSeconds);
      const { counted } = attempt;
      scope.countedSignIn = counted;
      scope.limitUse = {
        isHalfUsed: attempt.isHalfUsed,
        withdraw: () => {
          delete scope.countedSignIn;
          return attempts.withdraw(counted);
        },
      };
    } catch (error) {
      if (!(error instanceof APIError)) recordDatabaseError(scope, error);
      throw error;
    }
  }

  /** A failure here does not fail the request: what was counted then stays counted for a while. */
  async function recordResult(ctx: Context): Promise<void> {
    const { newSession, returned } = ctx.context;
    // Before the second factor it is not certain that this is the owner.
    const isSignedIn = newSession !== null && scopes.getStore()?.pendingSignIn === undefined;
    if (ctx.path !== passwordSignInPath) {
      // A sign-up does not prove whose the address is.
      if (!isSignedIn || !startsSession.includes(ctx.path) || ctx.path === signUpPath) return;
      // A mailed link, a code or a provider has proven who this is.
      await attempts.unlock(keysFor(ctx, newSession.user.email)).catch((err: unknown) => {
        logger.warn({ err }, 'the limits of an account were not lifted');
      });
      return;
    }
    const counted = scopes.getStore()?.countedSignIn;
    const isWrong = returned instanceof APIError && returned.statusCode === 401;
    if (counted === undefined || isWrong) return;
    await (isSignedIn ? attempts.succeed(counted) : attempts.refund(counted)).catch(
      (err: unknown) => logger.warn({ err }, 'a correct password stays counted as a wrong one'),
    );
  }

  /** @returns the 429 to throw */
  function refuse(scope: RequestScope, limit: LimitName, retryAfterSeconds: number) {
    return tooManyRequests(scope, { limit, variable: variables[limit], retryAfterSeconds });
  }

  return {
    before: async (ctx: Context) => {
      await count(ctx);
      return hooks.before(ctx as Parameters<Hook>[0]);
    },
    after: async (ctx: Context) => {
      const result: unknown = await hooks.after(ctx as Parameters<Hook>[0]);
      await recordResult(ctx);
      return result;
    },
  } as Required<Hooks>;
}

/** The account in the form in which BetterAuth looks it up; undefined if no account can have the address. */
function accountOf(body: unknown): string | undefined {
  const email = (body as { email?: unknown } | undefined)?.email;
  if (typeof email !== 'string' || email === '' || email.length > maxEmailLength) return undefined;
  return email.toLowerCase();
}
