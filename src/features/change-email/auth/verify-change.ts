/** `POST /api/auth/change-email/verify`: the new mailbox proves the address, and the account gets it. */
import { runWithTransaction } from '@better-auth/core/context';
import { createAuthEndpoint } from 'better-auth/api';
import { parseUserOutput } from 'better-auth/db';
import { z } from 'zod';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { endLinks, type MailedLinks } from '../../../auth/mailed-links.js';
import { describeTime, siteOf } from '../../../auth/notice-details.js';
import { currentTransaction } from '../../../db/current-transaction.js';
import { changeCounter } from '../counters.js';
import { errors } from '../reasons.js';
import { storeAddress } from './stored-address.js';

interface ChangeLinks {
  readonly changes: MailedLinks;
  readonly undos: MailedLinks;
  readonly undoHours: number;
}

export function verifyChangeEndpoint(
  { changes, undos, undoHours }: ChangeLinks,
  { config, orm, scopes, mailer, count }: AuthDependencies,
) {
  return createAuthEndpoint(
    '/change-email/verify',
    { method: 'POST', body: z.object({ token: z.string() }) },
    async (ctx) => {
      const { adapter, internalAdapter, options } = ctx.context;
      const link = await withErrorsRecorded(scopes, changes.find(ctx.body.token));
      const changed = await withErrorsRecorded(
        scopes,
        runWithTransaction(adapter, async () => {
          const tx = currentTransaction(orm);
          const { userId, email } = link;
          const owner = await changes.redeem(tx, link);
          if (owner === undefined || email === null) throw changes.refuseWithoutAccount();
          const previous = owner.email;
          if (!(await storeAddress(tx, userId, { email, emailVerified: true }))) {
            const { message } = errors.EMAIL_TAKEN;
            throw changes.refuse('address_taken', 'EMAIL_TAKEN', message, 409);
          }
          // Links in the old mailbox must give no access any more.
          await endLinks(tx, userId);
          const token = await undos.create(tx, { userId, email: previous });
          const mail = undos.mail(token, ctx.headers);
          const data = {
            link: mail.data.link ?? '',
            hours: String(undoHours),
            when: describeTime(new Date()),
            site: siteOf(config, ctx.headers),
          };
          await mailer?.enqueue(tx, { ...mail, template: 'email-changed', to: previous, data });
          return internalAdapter.findUserById(userId);
        }),
      );
      count?.(changeCounter, 'redeemed');
      return ctx.json({ status: true, user: changed && parseUserOutput(options, changed) });
    },
  );
}
