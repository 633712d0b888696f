/**
 * Limits guesses at the password by a client that has a session, such as a stolen one: the same pauses and total as at a
 * sign-in, for each session. The right password lifts them, and so does signing in again.
 */
import type { BetterAuthOptions } from 'better-auth';
import { APIError } from 'better-auth/api';
import type { KeyRing } from '../config/secrets.js';
import type { SignInAttempts } from '../sign-in-attempt.js';
import type { Logger } from '../log/logger.js';
import { recordDatabaseError, type RequestScopes } from '../request-scope.js';
import { sessionKeys } from './sign-in-keys.js';
import { accountVariables, tooManyRequests } from './too-many-requests.js';

type Hooks = Required<NonNullable<BetterAuthOptions['hooks']>>;

/** What is used of the context that BetterAuth passes to hooks. */
interface Context {
  readonly path: string;
  readonly body?: unknown;
  readonly context: { readonly returned?: unknown };
}

/** The field with the current password, by endpoint. */
const passwordFields: Readonly<Record<string, string>> = {
  '/change-password': 'currentPassword',
  '/verify-password': 'password',
  '/delete-user': 'password',
  '/change-email': 'password',
  '/step-up': 'password',
  '/two-factor/enable': 'password',
  '/two-factor/disable': 'password',
  '/two-factor/generate-backup-codes': 'password',
};

export interface PasswordCheckLimitDependencies {
  readonly attempts: SignInAttempts;
  readonly keyRing: KeyRing;
  readonly scopes: RequestScopes;
  readonly logger: Logger;
}

export function limitPasswordChecks(
  hooks: Hooks,
  { attempts, keyRing, scopes, logger }: PasswordCheckLimitDependencies,
): Hooks {
  async function count({ path, body }: Context): Promise<void> {
    const scope = scopes.getStore();
    const password = ((body ?? {}) as Record<string, unknown>)[passwordFields[path] ?? ''];
    if (scope?.sessionToken === undefined || typeof password !== 'string') return;
    const keys = sessionKeys(keyRing, scope.sessionToken);
    const attempt = await attempts.count(undefined, keys).catch((error: unknown) => {
      recordDatabaseError(scope, error);
      throw error;
    });
    if (attempt.isAllowed) {
      scope.countedSignIn = attempt.counted;
      return;
    }
    const { limit, retryAfterSeconds } = attempt;
    throw tooManyRequests(scope, { limit, variable: accountVariables[limit], retryAfterSeconds });
  }

  async function recordResult({ path, context: { returned } }: Context): Promise<void> {
    const counted = scopes.getStore()?.countedSignIn;
    if (counted === undefined || !(path in passwordFields)) return;
    const isRefused = returned instanceof APIError;
    if (isRefused && returned.body?.code === 'INVALID_PASSWORD') return;
    await (isRefused ? attempts.refund(counted) : attempts.succeed(counted)).catch((err: unknown) =>
      logger.warn({ err }, 'a correct password stays counted as a wrong one'),
    );
  }

  return {
    before: async (ctx) => {
      await count(ctx as unknown as Context);
      return hooks.before(ctx);
    },
    after: async (ctx) => {
      const result: unknown = await hooks.after(ctx);
      await recordResult(ctx as unknown as Context);
      return result;
    },
  };
}
