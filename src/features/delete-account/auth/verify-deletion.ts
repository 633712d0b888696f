/** `POST /api/auth/delete-user/verify`: the mailed link confirms the deletion, in any browser. */
import { createAuthEndpoint } from 'better-auth/api';
import { deleteSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import type { MailedLinks } from '../../../auth/mailed-links.js';
import { findOwnSession } from '../../../auth/own-session.js';
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
          const owner = await links.redeem(tx, link);
          if (owner === undefined) throw links.refuseWithoutAccount();
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
