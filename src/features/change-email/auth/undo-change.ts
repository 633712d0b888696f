/**
 * `POST /api/auth/change-email/undo`: puts the old address back. The person who changed it may know the password and
 * have sessions, so all access ends until the owner of the old mailbox has chosen a new password.
 */
import { createAuthEndpoint } from 'better-auth/api';
import { z } from 'zod';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { endAccess } from '../../../auth/end-access.js';
import { createMailedLinks, type MailedLinks } from '../../../auth/mailed-links.js';
import { removeSecondFactors } from '../../second-factors.js';
import { undoCounter } from '../counters.js';
import { errors } from '../reasons.js';
import { storeAddress } from './stored-address.js';

export function undoChangeEndpoint(undos: MailedLinks, dependencies: AuthDependencies) {
  const { orm, scopes, count } = dependencies;
  const resets = createMailedLinks('reset_password', undoCounter, dependencies);

  return createAuthEndpoint(
    '/change-email/undo',
    { method: 'POST', body: z.object({ token: z.string() }) },
    async (ctx) => {
      const link = await withErrorsRecorded(scopes, undos.find(ctx.body.token));
      const resetToken = await withErrorsRecorded(
        scopes,
        orm.transaction(async (tx) => {
          const { userId, email } = link;
          const owner = await undos.redeem(tx, link);
          if (owner === undefined || email === null) throw undos.refuseWithoutAccount();
          // As it was: the first proof of an address removes second factors, which are the owner's if it was proven.
          const emailVerified = link.emailProven === true;
          if (!(await storeAddress(tx, userId, { email, emailVerified }))) {
            const { message } = errors.PREVIOUS_EMAIL_TAKEN;
            throw undos.refuse('address_taken', 'PREVIOUS_EMAIL_TAKEN', message, 409);
          }
          // The person who changed the address may have set one up to keep the owner out.
          await removeSecondFactors(tx, userId, link.createdAt);
          return endAccess(tx, dependencies, userId, resets, link.createdAt, link);
        }),
      );
      count?.(undoCounter, 'redeemed');
      return ctx.json({ status: true, resetToken });
    },
  );
}
