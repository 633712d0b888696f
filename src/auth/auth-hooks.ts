/** What happens around BetterAuth's own endpoints: the rules of ASVS that its defaults leave out. */
import type { BetterAuthOptions } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import type { Logger } from '../log/logger.js';
import type { RequestScopes } from '../request-scope.js';
import { isCommonPassword } from './common-passwords.js';
import { logIssuedToken } from './issued-token.js';
import { hashPassword } from './password.js';

/** The field that holds a new password, for each endpoint that takes one. */
const newPasswordFields: Record<string, string> = {
  '/sign-up/email': 'password',
  '/change-password': 'newPassword',
  '/reset-password': 'newPassword',
};

export function createAuthHooks(
  scopes: RequestScopes,
  logger: Logger,
): Required<NonNullable<BetterAuthOptions['hooks']>> {
  return {
    before: createAuthMiddleware(async (ctx) => {
      const body = (ctx.body ?? {}) as Record<string, unknown>;
      const chosen = body[newPasswordFields[ctx.path] ?? ''];
      if (typeof chosen === 'string' && (await isCommonPassword(chosen))) {
        const message = 'This password is one of the commonest. Choose another.';
        throw new APIError('BAD_REQUEST', { code: 'PASSWORD_TOO_COMMON', message });
      }
      // A stolen session must not outlive the password change that answers the theft (ASVS 7.4.3).
      if (ctx.path === '/change-password' && body.revokeOtherSessions === undefined) {
        return { context: { ...ctx, body: { ...body, revokeOtherSessions: true } } };
      }
      return undefined;
    }),
    after: createAuthMiddleware(async (ctx) => {
      if (ctx.path === '/token') logIssuedToken(ctx.context.returned, logger);
      const created = ctx.context.newSession;
      if (!['/sign-in/email', '/sign-up/email'].includes(ctx.path) || created === null) return;
      // The session that this browser presented is replaced, not left alive beside the new one (ASVS 7.2.4).
      const cookie = ctx.context.authCookies.sessionToken.name;
      const replaced = await ctx.getSignedCookie(cookie, ctx.context.secret);
      if (replaced && replaced !== created.session.token) {
        await ctx.context.internalAdapter.deleteSession(replaced);
      }
      if (scopes.getStore()?.needsRehash !== true) return;
      const { password } = ctx.body as { password: string };
      const hash = await hashPassword(password);
      await ctx.context.internalAdapter.updatePassword(created.user.id, hash);
      logger.info({ userId: created.user.id }, 'password hash renewed with argon2id');
    }),
  };
}
