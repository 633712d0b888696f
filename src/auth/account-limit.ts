/**
 * Limits password guessing against one account from many addresses, which a limit per address cannot detect (ASVS 6.3.1).
 * Counts both limits in one statement; over the limit per address, the account is not counted.
 * Only wrong passwords count: a correct one is refunded. To prevent locking out a user by guessing, each network from
 * which the account recently signed in has a separate count, so its owner can still sign in from there.
 */
import { createHmac } from 'node:crypto';
import type { BetterAuthOptions } from 'better-auth';
import { APIError } from 'better-auth/api';
import type { RateLimit } from '../config/rate-limits.js';
import type { KeyRing } from '../config/secrets.js';
import type { Attempt, RateLimitStore } from '../db/rate-limit-store.js';
import { errorTable } from '../errors.js';
import { networkOf } from '../log/mask-address.js';
import type { Logger } from '../log/logger.js';
import {
  recordDatabaseError,
  type LimitHit,
  type RequestScope,
  type RequestScopes,
} from '../request-scope.js';
import { clientIpHeader, passwordSignInPath } from './auth-constants.js';

type Hooks = NonNullable<BetterAuthOptions['hooks']>;
type Hook = NonNullable<Hooks['before']>;
/** The context that BetterAuth passes to hooks, which its types omit (dist/api/dispatch.mjs). */
interface Context {
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Headers;
  readonly context: { readonly newSession: unknown; readonly returned?: unknown };
}

export interface AccountLimitDependencies {
  readonly limit: RateLimit;
  readonly store: RateLimitStore;
  readonly keyRing: KeyRing;
  readonly scopes: RequestScopes;
  readonly logger: Logger;
}

/** No e-mail address is longer (RFC 5321 4.5.3.1.3), so a longer one belongs to no account. */
const maxEmailLength = 254;

/** @returns the hooks, with the limit checked before and the attempt settled after them */
export function limitAccounts(hooks: Required<Hooks>, dependencies: AccountLimitDependencies) {
  const { limit, store, keyRing, scopes, logger } = dependencies;
  const secrets = [keyRing.current, ...keyRing.previous];

  /** Keys hold no e-mail address in clear: a reader of the table learns only how many accounts were tried. */
  const keysFor = (email: string, network: string) => {
    const keyed = (secret: string, ...parts: string[]) =>
      createHmac('sha256', secret).update(JSON.stringify(parts)).digest('base64url');
    const marks = secrets.map(({ value }) => `known|${keyed(value, email, network)}`);
    const { value } = keyRing.current;
    return {
      shared: `account|${keyed(value, email)}`,
      own: `account|${keyed(value, email, network)}`,
      marks,
    };
  };

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
        refuseOverLimit(scope, 'address', await store.count(address.key, address.limit));
        return;
      }
      const keys = keysFor(email, networkOf(ctx.headers?.get(clientIpHeader) ?? ''));
      const tried = await store.countSignIn(address, keys, limit);
      refuseOverLimit(scope, 'address', tried.address);
      if (tried.account === undefined) return;
      scope.accountFingerprint = keys.shared.slice('account|'.length).slice(0, 8);
      refuseOverLimit(scope, 'account', tried.account);
      scope.accountAttempt = { key: tried.account.key, mark: keys.marks[0] ?? '' };
    } catch (error) {
      if (!(error instanceof APIError)) recordDatabaseError(scope, error);
      throw error;
    }
  }

  async function settle(ctx: Context): Promise<void> {
    const accountAttempt = scopes.getStore()?.accountAttempt;
    if (accountAttempt === undefined || ctx.path !== passwordSignInPath) return;
    const { newSession, returned } = ctx.context;
    const isWrong = returned instanceof APIError && returned.statusCode === 401;
    if (isWrong) return;
    const { key, mark } = accountAttempt;
    // A failure here does not fail the request: the attempt then stays counted for one window.
    await (!newSession ? store.refund(key) : store.refundAndMarkKnown(key, mark)).catch(
      (err: unknown) => logger.warn({ err }, 'a correct password stays counted as a wrong one'),
    );
  }

  return {
    before: async (ctx: Context) => {
      await count(ctx);
      return hooks.before(ctx as Parameters<Hook>[0]);
    },
    after: async (ctx: Context) => {
      const result: unknown = await hooks.after(ctx as Parameters<Hook>[0]);
      await settle(ctx);
      return result;
    },
  } as Required<Hooks>;
}

/** @throws APIError 429 if the attempt is over the limit */
function refuseOverLimit(scope: RequestScope, limit: LimitHit['limit'], tried: Attempt): void {
  const { isAllowed, retryAfterSeconds } = tried;
  if (isAllowed) return;
  scope.limited = { limit, variable: variables[limit], retryAfterSeconds };
  const { message } = errorTable.TOO_MANY_REQUESTS;
  throw new APIError(
    'TOO_MANY_REQUESTS',
    { code: 'TOO_MANY_REQUESTS', message },
    { 'X-Retry-After': String(retryAfterSeconds) },
  );
}

const variables = {
  address: 'RATE_LIMIT_SIGN_IN_PER_ADDRESS',
  account: 'RATE_LIMIT_SIGN_IN_PER_ACCOUNT',
} as const;

/** The account in the form in which BetterAuth looks it up; undefined if no account can have the address. */
function accountOf(body: unknown): string | undefined {
  const email = (body as { email?: unknown } | undefined)?.email;
  if (typeof email !== 'string' || email === '' || email.length > maxEmailLength) return undefined;
  return email.toLowerCase();
}
