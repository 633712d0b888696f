/** Hooks around BetterAuth's endpoints: the ASVS rules that its defaults omit. */
import type { BetterAuthOptions, GenericEndpointContext } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import type { RequestScope } from '../request-scope.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { signUpPath } from './auth-constants.js';
import { isCommonPassword } from './common-passwords.js';
import type { KnownDevices } from './known-device.js';
import { withoutFreshness } from './fresh-session.js';
import { hashPassword, isOutdatedHash } from './password.js';
import { revokeOtherSessionsFirst } from './atomic-changes.js';
import { findOwnSession } from './own-session.js';
import { startsSession } from './first-factors.js';
import type { ReplacedSessions } from './replaced-session.js';
import { renewHash, wrongPassword } from './verified-password.js';

/** What is used of the context that BetterAuth passes to hooks. */
type HookContext = Pick<GenericEndpointContext, 'json'> & {
  readonly context: { readonly returned?: unknown };
};

/** The field that holds a new password, for each endpoint that takes one. */
export const newPasswordFields: Readonly<Record<string, string>> = {
  '/sign-up/email': 'password',
  '/change-password': 'newPassword',
  '/reset-password': 'newPassword',
};

export function createAuthHooks(
  dependencies: AuthDependencies,
  replacedSessions: Pick<ReplacedSessions, 'endAfter'>,
  knownDevices: Pick<KnownDevices, 'remember'>,
): Required<NonNullable<BetterAuthOptions['hooks']>> {
  const { scopes, logger, orm, passwordCost } = dependencies;
  return {
    before: createAuthMiddleware(async (ctx) => {
      const body = (ctx.body ?? {}) as Record<string, unknown>;
      const chosen = body[newPasswordFields[ctx.path] ?? ''];
      if (typeof chosen === 'string' && (await isCommonPassword(chosen))) {
        const message = 'This password is too common. Choose another.';
        throw new APIError('BAD_REQUEST', { code: 'PASSWORD_TOO_COMMON', message });
      }
      if (ctx.path === '/list-sessions') return { context: withoutFreshness };
      if (ctx.path === '/revoke-other-sessions' || isEmptyPassword(ctx.path, body)) {
        const own = await findOwnSession(ctx.context.internalAdapter, scopes);
        if (own === undefined) return undefined; // BetterAuth answers 401
        // BetterAuth treats an empty password as missing, and a fresh session requires none.
        if (ctx.path === '/delete-user') throw wrongPassword();
        await revokeOtherSessionsFirst(dependencies, own.session.token);
      }
      // A stolen session must not outlive the password change that answers the theft (ASVS 7.4.3).
      if (ctx.path === '/change-password' && body.revokeOtherSessions !== false) {
        const scope = scopes.getStore();
        if (scope !== undefined) scope.mustRevokeOtherSessions = true;
        if (body.revokeOtherSessions !== undefined) return undefined;
        return { context: { ...ctx, body: { ...body, revokeOtherSessions: true } } };
      }
      return undefined;
    }),
    after: createAuthMiddleware(async (ctx) => {
      const created = ctx.context.newSession;
      if (created === null) return undefined;
      const scope = scopes.getStore();
      const response = signInResponse(ctx, scope);
      if (!startsSession.includes(ctx.path)) return response;
      await replacedSessions.endAfter(ctx, created.session.token);
      // A sign-up does not prove whose the address is; `rememberMe: false` is for a computer of others.
      const { rememberMe } = (ctx.body ?? {}) as { rememberMe?: unknown };
      const isComplete = scope?.pendingSignIn === undefined;
      if (isComplete && ctx.path !== signUpPath && rememberMe !== false)
        knownDevices.remember(ctx, created.user.email);
      if (scope?.needsRehash !== true || scope.verified === undefined) return response;
      if (!isOutdatedHash(scope.verified.hash, passwordCost)) return response; // a concurrent sign-in has renewed it
      const { password } = ctx.body as { password: string };
      const hash = await hashPassword(password, passwordCost);
      if (await renewHash(orm, created.user.id, scope.verified, hash)) {
        logger.info({ userId: created.user.id }, 'password hash renewed with argon2id');
      }
      return response;
    }),
  };
}

/** The response where it differs from BetterAuth's. */
function signInResponse(ctx: HookContext, scope: RequestScope | undefined) {
  const { returned } = ctx.context;
  if (!isBody(returned)) return undefined;
  const { pendingSignIn, hasRestoredAccount } = scope ?? {};
  if (pendingSignIn !== undefined) {
    const { due, methods } = pendingSignIn;
    // The first two are what BetterAuth's stock client looks for. Nothing else of the response: it describes the user.
    return ctx.json({ twoFactorRedirect: true, twoFactorMethods: methods, secondFactor: due });
  }
  return hasRestoredAccount === true ? ctx.json({ ...returned, restored: true }) : undefined;
}

function isBody(returned: unknown): returned is object {
  return typeof returned === 'object' && returned !== null && !(returned instanceof Error);
}

function isEmptyPassword(path: string, body: Record<string, unknown>): boolean {
  return path === '/delete-user' && body.password === '';
}
