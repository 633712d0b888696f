/**
 * Slows whoever guesses one account's password from many addresses, which no limit by address can see (ASVS 6.3.1).
 * What is counted are wrong passwords: a right one is taken back. So that nobody can lock another out by guessing,
 * a network from which the account signed in lately is counted by itself: its owner goes on signing in from there.
 */
import { createHmac } from 'node:crypto';
import type { BetterAuthOptions } from 'better-auth';
import { APIError } from 'better-auth/api';
import type { RateLimit } from '../config/rate-limits.js';
import type { KeyRing } from '../config/secrets.js';
import type { RateLimitStore } from '../db/rate-limit-store.js';
import { errorTable } from '../errors.js';
import { networkOf } from '../log/mask-address.js';
import type { Logger } from '../log/logger.js';
import { noteDatabaseError, type RequestScopes } from '../request-scope.js';
import { clientIpHeader } from './auth-names.js';

type Hooks = NonNullable<BetterAuthOptions['hooks']>;
type Hook = NonNullable<Hooks['before']>;
/** What BetterAuth gives its hooks, of which its type for them says nothing (dist/api/dispatch.mjs). */
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

/** No e-mail is longer (RFC 5321 4.5.3.1.3), so what is belongs to no account. */
const longestEmail = 254;

/** @returns the same hooks, with the limit before and what became of the try after them */
export function limitAccounts(hooks: Required<Hooks>, dependencies: AccountLimitDependencies) {
  const { limit, store, keyRing, scopes, logger } = dependencies;
  const secrets = [keyRing.current, ...keyRing.previous];

  /** No e-mail in the clear: what is counted tells whoever reads the table no more than how many there are. */
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
    const email = accountOf(ctx);
    const scope = scopes.getStore();
    if (email === undefined || scope === undefined) return;
    const keys = keysFor(email, networkOf(ctx.headers?.get(clientIpHeader) ?? ''));
    scope.accountFingerprint = keys.shared.slice('account|'.length).slice(0, 8);
    const tried = await store.countAccount(keys, limit).catch((error: unknown) => {
      noteDatabaseError(scope, error);
      throw error;
    });
    if (tried.isAllowed) {
      scope.accountTry = { key: tried.key, mark: keys.marks[0] ?? '' };
      return;
    }
    const { retryAfterSeconds } = tried;
    const variable = 'RATE_LIMIT_SIGN_IN_PER_ACCOUNT';
    scope.limited = { limit: 'account', variable, retryAfterSeconds };
    const { message } = errorTable.TOO_MANY_REQUESTS;
    throw new APIError(
      'TOO_MANY_REQUESTS',
      { code: 'TOO_MANY_REQUESTS', message },
      { 'X-Retry-After': String(retryAfterSeconds) },
    );
  }

  async function settle(ctx: Context): Promise<void> {
    const accountTry = scopes.getStore()?.accountTry;
    if (accountTry === undefined || accountOf(ctx) === undefined) return;
    const { newSession, returned } = ctx.context;
    const isWrong = returned instanceof APIError && returned.statusCode === 401;
    if (isWrong) return;
    const { key, mark } = accountTry;
    // The visitor is answered whatever becomes of it: a try too many is counted then, for one window.
    await (!newSession ? store.refund(key) : store.refundAndMarkKnown(key, mark)).catch(
      (err: unknown) => logger.warn({ err }, 'a right password stays counted as a wrong one'),
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

/** As BetterAuth looks it up; undefined where this request tries no account's password. */
function accountOf({ path, body }: Context): string | undefined {
  if (path !== '/sign-in/email') return undefined;
  const email = (body as { email?: unknown } | undefined)?.email;
  if (typeof email !== 'string' || email === '' || email.length > longestEmail) return undefined;
  return email.toLowerCase();
}
