/** `POST /api/auth/verify-email`: proves the address and signs in. */
import { runWithTransaction } from '@better-auth/core/context';
import type { User } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { z } from 'zod';
import type { AskingBrowser } from '../../../auth/asking-browser.js';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { requireLinkPassword } from '../../../auth/link-password.js';
import { respondSignedIn } from '../../../auth/mailed-link-endpoints.js';
import type { MailedLinks } from '../../../auth/mailed-links.js';
import { isCurrentPassword, wrongPassword } from '../../../auth/verified-password.js';
import { currentTransaction } from '../../../db/current-transaction.js';
import { counterName } from '../counters.js';
import { errors } from '../reasons.js';

export function verifyEmailEndpoint(
  links: MailedLinks,
  browser: AskingBrowser,
  { orm, scopes, count, audit }: AuthDependencies,
) {
  return createAuthEndpoint(
    '/verify-email',
    {
      method: 'POST',
      body: z.object({
        token: z.string(),
        /** For another browser than the one that signed up. */
        password: z.string().optional(),
        /** What `codeChallenge` of the sign-up was made from. */
        codeVerifier: z.string().optional(),
      }),
    },
    async (ctx) => {
      const { internalAdapter, adapter } = ctx.context;
      const link = await withErrorsRecorded(scopes, links.find(ctx.body.token));
      // Otherwise the owner of the address would confirm an account whose password somebody else has chosen.
      if (!(await browser.isSame(ctx, link))) {
        await requireLinkPassword(ctx, links, link.userId, errors.LINK_WRONG_BROWSER.message);
      }
      const signedIn = await withErrorsRecorded(
        scopes,
        runWithTransaction(adapter, async () => {
          const tx = currentTransaction(orm);
          await links.redeem(tx, link);
          const { verified } = scopes.getStore() ?? {};
          if (verified && !(await isCurrentPassword(tx, link.userId, verified)))
            throw wrongPassword();
          // Null, against its type, for an account that was deleted meanwhile.
          const owner = (await internalAdapter.updateUser(link.userId, {
            emailVerified: true,
          })) as User | null;
          if (!owner) throw links.refuseWithoutAccount();
          await audit?.record(tx, {
            kind: 'email_verification',
            outcome: 'success',
            userId: owner.id,
          });
          return { user: owner, session: await internalAdapter.createSession(link.userId) };
        }),
      );
      count?.(counterName, 'redeemed');
      return respondSignedIn(ctx, signedIn);
    },
  );
}
