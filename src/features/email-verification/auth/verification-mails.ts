/** Mails the links: at sign-up, and again on request. */
import type { GenericEndpointContext, User } from 'better-auth';
import { APIError, createAuthEndpoint } from 'better-auth/api';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AskingBrowser } from '../../../auth/asking-browser.js';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import type { MailedLinks } from '../../../auth/mailed-links.js';
import { siteOf } from '../../../auth/notice-details.js';
import { findOwnSession } from '../../../auth/own-session.js';
import { currentTransaction } from '../../../db/current-transaction.js';

type Context = GenericEndpointContext;

export function createVerificationMails(
  links: MailedLinks,
  browser: AskingBrowser,
  { config, orm, scopes, mailer }: AuthDependencies,
) {
  /** In the transaction of the sign-up: an account without a mail, or a mail without an account, would be wrong. */
  async function mailNewUser(userId: string, ctx: Context): Promise<void> {
    const db = currentTransaction(orm);
    const { email } = ctx.body as { email: string };
    const to = email.toLowerCase();
    const token = await links.create(db, {
      userId,
      browser: browser.challenge(),
      accountEmail: to,
    });
    const mail = { template: 'verify-email', to, ownerId: userId };
    await mailer?.enqueue(db, { ...links.mail(token, ctx.headers), ...mail });
  }

  /** In the transaction of a sign-up with a known address (alike-sign-up.ts). */
  async function mailExistingUser(user: User, { headers }: Context): Promise<void> {
    const db = currentTransaction(orm);
    // A proven account has no link to redeem; the row keeps the work the same.
    const userId = user.emailVerified ? randomUUID() : user.id;
    const accountEmail = user.email;
    const token = await links.create(db, { userId, inheritBrowser: true, accountEmail });
    const mail = { ...links.mail(token, headers), ownerId: user.id };
    const page = siteOf(config, headers);
    await mailer?.enqueue(
      db,
      user.emailVerified
        ? { ...mail, template: 'account-exists', to: user.email, data: { page } }
        : { ...mail, template: 'verify-email', to: user.email },
    );
  }

  const sendVerificationEmail = createAuthEndpoint(
    '/send-verification-email',
    {
      method: 'POST',
      // `callbackURL` is accepted for stock clients and ignored: SITE_PAGES decides where the link leads.
      body: z.object({ email: z.email(), callbackURL: z.string().optional() }),
    },
    async (ctx) => {
      const to = ctx.body.email.toLowerCase();
      const { internalAdapter } = ctx.context;
      const own = (await findOwnSession(internalAdapter, scopes))?.user;
      if (own?.email === to && own.emailVerified) {
        const message = 'Email is already verified';
        throw new APIError('BAD_REQUEST', { code: 'EMAIL_ALREADY_VERIFIED', message });
      }
      const found = await internalAdapter.findUserByEmail(to);
      const user = found?.user.emailVerified === false ? found.user : undefined;
      await withErrorsRecorded(
        scopes,
        orm.transaction(async (tx) => {
          // Unknown and proven addresses cost the same statements.
          const userId = user?.id ?? randomUUID();
          const token = await links.create(tx, { userId, inheritBrowser: true, accountEmail: to });
          const mail = {
            template: 'verify-email',
            to,
            ownerId: user?.id,
            isDecoy: user === undefined,
          };
          await mailer?.enqueue(tx, { ...links.mail(token, ctx.headers), ...mail });
        }),
      );
      return ctx.json({ status: true });
    },
  );

  return { mailNewUser, mailExistingUser, sendVerificationEmail };
}
