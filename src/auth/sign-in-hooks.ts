/** What happens around BetterAuth's own endpoints: three rules of ASVS that its defaults leave out. */
import type { BetterAuthOptions } from 'better-auth';
import { createAuthMiddleware } from 'better-auth/api';
import type { Logger } from '../log/logger.js';
import type { RequestScopes } from '../request-scope.js';
import { hashPassword } from './password.js';

export function createSignInHooks(
  scopes: RequestScopes,
  logger: Logger,
): NonNullable<BetterAuthOptions['hooks']> {
  return {
    // BetterAuth types hooks as asynchronous.
    // eslint-disable-next-line @typescript-eslint/require-await
    before: createAuthMiddleware(async (ctx) => {
      // A stolen session must not outlive the password change that answers the theft (ASVS 7.4.3).
      const body = ctx.body as Record<string, unknown> | undefined;
      if (ctx.path === '/change-password' && body?.revokeOtherSessions === undefined) {
        return { context: { ...ctx, body: { ...body, revokeOtherSessions: true } } };
      }
      return undefined;
    }),
    after: createAuthMiddleware(async (ctx) => {
      const created = ctx.context.newSession;
      if (ctx.path !== '/sign-in/email' || created === null) return;
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
