/**
 * `POST /api/auth/change-email/verify`: the new mailbox proves the address, and the account gets it. Only with a proof of
 * the account too: otherwise its owner could have a stranger confirm the stranger's address for it (account pre-hijacking).
 */
import { runWithTransaction } from '@better-auth/core/context';
import { createAuthEndpoint } from 'better-auth/api';
import { parseUserOutput } from 'better-auth/db';
import { z } from 'zod';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { requireLinkPassword } from '../../../auth/link-password.js';
import { endLinks, type MailedLinks } from '../../../auth/mailed-links.js';
import { findOwnSession, isStillSignedIn } from '../../../auth/own-session.js';
import { isCurrentPassword } from '../../../auth/verified-password.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { describeTime, siteOf } from '../../../auth/notice-details.js';
import { currentTransaction } from '../../../db/current-transaction.js';
import { changeCounter } from '../counters.js';
import { errors } from '../reasons.js';
import { isProven, storeAddress } from './stored-address.js';

const wrongBrowser =
  'This browser is not signed in to the account. Open the link where you are signed in, or enter the password.';

interface ChangeLinks {
  readonly changes: MailedLinks;
  readonly undos: MailedLinks;
  readonly undoHours: number;
}

export function verifyChangeEndpoint(
  { changes, undos, undoHours }: ChangeLinks,
  { config, orm, scopes, mailer, count, audit }: AuthDependencies,
) {
  return createAuthEndpoint(
    '/change-email/verify',
    {
      method: 'POST',
      body: z.object({
        token: z.string(),
        /** For a browser that is not signed in to the account. */
        password: z.string().optional(),
      }),
    },
    async (ctx) => {
      const { adapter, internalAdapter, options } = ctx.context;
      const link = await withErrorsRecorded(scopes, changes.find(ctx.body.token));
      const own = await findOwnSession(internalAdapter, scopes);
      const ownToken = own?.user.id === link.userId ? own.session.token : undefined;
      if (ownToken === undefined) {
        await requireLinkPassword(ctx, changes, link.userId, wrongBrowser);
      }
      const hasProof = (tx: OrmOrTransaction) => {
        if (ownToken !== undefined) return isStillSignedIn(tx, link.userId, ownToken);
        const { verified } = scopes.getStore() ?? {};
        return verified !== undefined && isCurrentPassword(tx, link.userId, verified);
      };
      const changed = await withErrorsRecorded(
        scopes,
        runWithTransaction(adapter, async () => {
          const tx = currentTransaction(orm);
          const { userId, email } = link;
          const owner = await changes.redeem(tx, link);
          if (owner === undefined || email === null) throw changes.refuseWithoutAccount();
          if (!(await hasProof(tx))) {
            throw changes.refuse('wrong_browser', 'LINK_WRONG_BROWSER', wrongBrowser, 403);
          }
          const previous = owner.email;
          const emailProven = await isProven(tx, userId);
          if (!(await storeAddress(tx, userId, { email, emailVerified: true }))) {
            const { message } = errors.EMAIL_TAKEN;
            throw changes.refuse('address_taken', 'EMAIL_TAKEN', message, 409);
          }
          // Links in the old mailbox must give no access any more.
          await endLinks(tx, userId);
          const token = await undos.create(tx, { userId, email: previous, emailProven });
          const mail = undos.mail(token, ctx.headers);
          const data = {
            link: mail.data.link ?? '',
            hours: String(undoHours),
            when: describeTime(new Date()),
            site: siteOf(config, ctx.headers),
          };
          await mailer?.enqueue(tx, { ...mail, template: 'email-changed', to: previous, data });
          await audit?.record(tx, { kind: 'email_change', outcome: 'success', userId });
          return internalAdapter.findUserById(userId);
        }),
      );
      count?.(changeCounter, 'redeemed');
      return ctx.json({ status: true, user: changed && parseUserOutput(options, changed) });
    },
  );
}
