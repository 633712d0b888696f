/** `POST /api/auth/change-email`: mails a link to the new address. Nothing changes before it is redeemed. */
import type { GenericEndpointContext } from 'better-auth';
import { APIError, createAuthEndpoint, sensitiveSessionMiddleware } from 'better-auth/api';
import { z } from 'zod';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { lockOwner } from '../../../auth/link-rows.js';
import type { MailedLinks } from '../../../auth/mailed-links.js';
import { siteOf } from '../../../auth/notice-details.js';
import { requireStillSignedIn } from '../../../auth/own-session.js';
import { isCurrentPassword, wrongPassword } from '../../../auth/verified-password.js';
import { errors } from '../reasons.js';

const recentSessionMs = 10 * 60_000;

export function requestChangeEndpoint(
  links: MailedLinks,
  { config, orm, scopes, mailer }: AuthDependencies,
) {
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
      const { user, session } = ctx.context.session;
      await requireProof(ctx, user.id, session.createdAt, ctx.body.password);
      const to = ctx.body.newEmail.toLowerCase();
      if (to === user.email) throw refusal('BAD_REQUEST', 'EMAIL_UNCHANGED');
      const known = await ctx.context.internalAdapter.findUserByEmail(to);
      await withErrorsRecorded(
        scopes,
        orm.transaction(async (tx) => {
          await lockOwner(tx, user.id);
          await requireStillSignedIn(tx, user.id, session.token);
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
                {
                  ...mail,
                  template: 'address-in-use',
                  data: { page: siteOf(config, ctx.headers) },
                },
          );
        }),
      );
      return ctx.json({ status: true });
    },
  );
}

/** @throws APIError unless the password is right, or the account has none and the session is recent */
async function requireProof(
  ctx: GenericEndpointContext,
  userId: string,
  signedInAt: Date,
  password: string | undefined,
): Promise<void> {
  const hash = (await ctx.context.internalAdapter.findCredentialAccount(userId))?.password;
  if (hash) {
    if (password && (await ctx.context.password.verify({ hash, password }))) return;
    throw wrongPassword();
  }
  if (Date.now() - signedInAt.getTime() >= recentSessionMs)
    throw refusal('FORBIDDEN', 'RECENT_SIGN_IN_REQUIRED');
}

function refusal(status: 'BAD_REQUEST' | 'FORBIDDEN', code: keyof typeof errors): APIError {
  return new APIError(status, { code, message: errors[code].message });
}
