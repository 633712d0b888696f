/** `POST /api/auth/delete-user/verify`: the mailed link confirms the deletion, in any browser. */
import { createAuthEndpoint } from 'better-auth/api';
import { deleteSessionCookie } from 'better-auth/cookies';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import type { MailedLinks } from '../../../auth/mailed-links.js';
import { findOwnSession } from '../../../auth/own-session.js';
import { user } from '../../../db/schema.js';
import { counterName } from '../counters.js';
import type { EndAccount } from './end-account.js';

export function verifyDeletionEndpoint(
  links: MailedLinks,
  endAccount: EndAccount,
  { orm, scopes, count }: AuthDependencies,
) {
  return createAuthEndpoint(
    '/delete-user/verify',
    { method: 'POST', body: z.object({ token: z.string() }) },
    async (ctx) => {
      const link = await withErrorsRecorded(scopes, links.find(ctx.body.token));
      const own = await findOwnSession(ctx.context.internalAdapter, scopes);
      const ended = await withErrorsRecorded(
        scopes,
        orm.transaction(async (tx) => {
          const owners = tx
            .select({ id: user.id, email: user.email })
            .from(user)
            .where(eq(user.id, link.userId));
          const owner = (await owners.for('update')).at(0);
          if (owner === undefined) throw links.refuseWithoutAccount();
          await links.redeem(tx, link);
          return endAccount(tx, owner, ctx.headers);
        }),
      );
      count?.(counterName, 'redeemed');
      // A browser that is signed in to another account stays so.
      if (own?.user.id === link.userId) deleteSessionCookie(ctx);
      return ctx.json(ended);
    },
  );
}
