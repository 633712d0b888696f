/** `POST /api/auth/security-notices/not-me`: the owner says that a change or sign-in was somebody else's. */
import { createAuthEndpoint } from 'better-auth/api';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { endAccess } from '../../../auth/end-access.js';
import { createMailedLinks, type MailedLinks } from '../../../auth/mailed-links.js';
import { notMeHours } from '../../../auth/not-me-links.js';
import { isNoticeOfEnrolment } from '../../../auth/undoable-enrolment.js';
import { removeSecondFactors } from '../../second-factors.js';
import { counterName } from '../counters.js';
import { knownDevice } from '../tables.js';

export function notMeEndpoint(links: MailedLinks, dependencies: AuthDependencies) {
  const { orm, scopes, count } = dependencies;
  const resets = createMailedLinks('reset_password', counterName, dependencies);

  return createAuthEndpoint(
    '/security-notices/not-me',
    { method: 'POST', body: z.object({ token: z.string() }) },
    async (ctx) => {
      const link = await withErrorsRecorded(scopes, links.find(ctx.body.token));
      const resetToken = await withErrorsRecorded(
        scopes,
        orm.transaction(async (tx) => {
          const owner = await links.redeem(tx, link);
          if (owner === undefined) throw links.refuseWithoutAccount();
          // Otherwise the next sign-in from the stranger's device would not be reported.
          await tx.delete(knownDevice).where(eq(knownDevice.userId, link.userId));
          if (await isNoticeOfEnrolment(tx, link.id)) await removeSecondFactors(tx, link.userId);
          return endAccess(tx, dependencies, link.userId, resets, noticedSince(link.createdAt));
        }),
      );
      count?.(counterName, 'redeemed');
      return ctx.json({ status: true, resetToken });
    },
  );
}

/** Older changes had notices with links of their own. */
function noticedSince(createdAt: Date): Date {
  return new Date(createdAt.getTime() - notMeHours * 3_600_000);
}
