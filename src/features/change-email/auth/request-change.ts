/** `POST /api/auth/change-email`: mails a link to the new address. Nothing changes before it is redeemed. */
import { APIError, createAuthEndpoint, sensitiveSessionMiddleware } from 'better-auth/api';
import { z } from 'zod';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { isProofFresh } from '../../../auth/fresh-session.js';
import { lockOwner } from '../../../auth/link-rows.js';
import type { MailedLinks } from '../../../auth/mailed-links.js';
import { siteOf } from '../../../auth/notice-details.js';
import { requireStillSignedIn } from '../../../auth/own-session.js';
import { raiseSession } from '../../../auth/raise-session.js';
import { isCurrentPassword, wrongPassword } from '../../../auth/verified-password.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { tokenFingerprint } from '../../../session/signed-token.js';
import { errors } from '../reasons.js';

export function requestChangeEndpoint(links: MailedLinks, dependencies: AuthDependencies) {
  const { config, orm, scopes, mailer, audit } = dependencies;

  return createAuthEndpoint(
    '/change-email',
    {
      method: 'POST',
      use: [sensitiveSessionMiddleware],
      body: z.object({
        newEmail: z.email(),
        /** Required if the account has one. */
        password: z.string().optional(),
        // Accepted for stock clients and ignored: SITE_PAGES decides where the link leads.
        callbackURL: z.string().optional(),
      }),
    },
    async (ctx) => {
      const own = ctx.context.session;
      const { user, session } = own;
      const hash = (await ctx.context.internalAdapter.findCredentialAccount(user.id))?.password;
      if (hash) {
        const { password } = ctx.body;
        if (!password || !(await ctx.context.password.verify({ hash, password })))
          throw wrongPassword();
      } else if (!isProofFresh(own)) {
        throw refusal('FORBIDDEN', 'RECENT_SIGN_IN_REQUIRED', 'not_fresh');
      }
      const to = ctx.body.newEmail.toLowerCase();
      if (to === user.email) throw refusal('BAD_REQUEST', 'EMAIL_UNCHANGED');
      const known = await ctx.context.internalAdapter.findUserByEmail(to);
      const writeLink = async (tx: OrmOrTransaction) => {
        const { verified } = scopes.getStore() ?? {};
        if (verified && !(await isCurrentPassword(tx, user.id, verified))) throw wrongPassword();
        // For an address that has an account as well: otherwise the fate of an earlier link would reveal it.
        const token = await links.create(tx, {
          userId: user.id,
          email: to,
          accountEmail: user.email,
        });
        const mail = { ...links.mail(token, ctx.headers), to, userId: user.id };
        await mailer?.enqueue(
          tx,
          known === null
            ? { ...mail, template: 'change-email' }
            : // The token is in no mail, so the link cannot be redeemed.
              { ...mail, template: 'address-in-use', data: { page: siteOf(config, ctx.headers) } },
        );
        await audit?.record(tx, {
          kind: 'email_change_request',
          outcome: 'success',
          userId: user.id,
          session: tokenFingerprint(session.token),
        });
      };
      if (hash) {
        // The password is a fresh proof, for what the user does next.
        await raiseSession(ctx, dependencies, own, { method: 'password', aal: 1 }, writeLink);
      } else {
        const written = orm.transaction(async (tx) => {
          await lockOwner(tx, user.id);
          await requireStillSignedIn(tx, user.id, session.token);
          await writeLink(tx);
        });
        await withErrorsRecorded(scopes, written);
      }
      return ctx.json({ status: true });
    },
  );
}

function refusal(
  status: 'BAD_REQUEST' | 'FORBIDDEN',
  code: keyof typeof errors,
  reason?: string,
): APIError {
  return new APIError(status, { code, message: errors[code].message, ...(reason && { reason }) });
}
