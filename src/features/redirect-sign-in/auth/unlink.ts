/**
 * `POST /unlink-account`, in place of BetterAuth's: that one counts and deletes in two statements, so two requests at once
 * take both ways in, and counts a password that was removed.
 */
import { APIError, createAuthEndpoint, freshSessionMiddleware } from 'better-auth/api';
import { and, eq, isNotNull, ne, or } from 'drizzle-orm';
import { z } from 'zod';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { account, user } from '../../../db/schema.js';

export function unlinkEndpoint({ orm, scopes }: AuthDependencies) {
  return createAuthEndpoint(
    '/unlink-account',
    {
      method: 'POST',
      body: z.object({
        /** The `id` of list-accounts. */
        accountId: z.string(),
        providerId: z.string().optional(),
      }),
      use: [freshSessionMiddleware],
      metadata: { openapi: { description: 'Unlinks a login; one way in remains' } },
    },
    async (ctx) => {
      const { id: userId } = ctx.context.session.user;
      const { accountId } = ctx.body;
      const unlinked = orm.transaction(async (tx) => {
        await tx.select({ id: user.id }).from(user).where(eq(user.id, userId)).for('update');
        const canSignIn = or(ne(account.providerId, 'credential'), isNotNull(account.password));
        const ways = await tx
          .select({ id: account.id })
          .from(account)
          .where(and(eq(account.userId, userId), canSignIn));
        if (!ways.some(({ id }) => id === accountId)) {
          throw new APIError('BAD_REQUEST', {
            code: 'ACCOUNT_NOT_FOUND',
            message: 'This login is not linked to the account.',
          });
        }
        if (ways.length === 1) {
          throw new APIError('BAD_REQUEST', {
            code: 'FAILED_TO_UNLINK_LAST_ACCOUNT',
            message: 'This is the only way to sign in. Set a password or link another login first.',
          });
        }
        await tx.delete(account).where(eq(account.id, accountId));
      });
      await withErrorsRecorded(scopes, unlinked);
      return ctx.json({ status: true });
    },
  );
}
