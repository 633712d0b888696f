/** `POST /api/auth/delete-user`: with the password, or by a mailed link. */
import { BASE_ERROR_CODES } from '@better-auth/core/error';
import type { User } from 'better-auth';
import { APIError, createAuthEndpoint, sensitiveSessionMiddleware } from 'better-auth/api';
import { deleteSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { requireFreshProof } from '../../../auth/fresh-session.js';
import { lockOwner } from '../../../auth/link-rows.js';
import type { MailedLinks } from '../../../auth/mailed-links.js';
import { requireStillSignedIn } from '../../../auth/own-session.js';
import { refuseLastAdmin } from '../../../auth/refuse-last-admin.js';
import { wrongPassword } from '../../../auth/verified-password.js';
import { tokenFingerprint } from '../../../session/signed-token.js';
import type { DeletionSettings } from '../feature.js';
import type { EndAccount } from './end-account.js';

export function deleteUserEndpoint(
  { graceDays }: DeletionSettings,
  links: MailedLinks,
  endAccount: EndAccount,
  { orm, scopes, mailer, audit }: AuthDependencies,
) {
  async function mailLink(
    { id: userId, email, emailVerified }: Pick<User, 'id' | 'email' | 'emailVerified'>,
    sessionToken: string,
    headers: Headers | undefined,
  ) {
    await withErrorsRecorded(
      scopes,
      orm.transaction(async (tx) => {
        const owner = await lockOwner(tx, userId);
        await requireStillSignedIn(tx, userId, sessionToken);
        if (owner === undefined) return; // not with a session
        await refuseLastAdmin(tx, userId); // the link would not work
        const token = await links.create(tx, { userId: owner.id, accountEmail: owner.email });
        const mail = links.mail(token, headers);
        await mailer?.enqueue(tx, {
          ...mail,
          template: 'delete-account',
          to: owner.email,
          userId: owner.id,
          isForSender: emailVerified && owner.email === email,
          data: { ...mail.data, graceDays: String(graceDays) },
        });
        await audit?.record(tx, {
          kind: 'account_deletion_request',
          outcome: 'success',
          userId,
          session: tokenFingerprint(sessionToken),
          details: { step: 'link_sent' },
        });
      }),
    );
    const scope = scopes.getStore();
    if (scope !== undefined) scope.deletion = 'deletion_link_sent';
    // BetterAuth's message, which its clients know.
    return { success: true, message: 'Verification email sent' } as const;
  }

  return createAuthEndpoint(
    '/delete-user',
    {
      method: 'POST',
      use: [sensitiveSessionMiddleware],
      body: z.object({
        password: z.string().optional(),
        // Accepted for stock clients and ignored: SITE_PAGES decides where the link leads.
        callbackURL: z.string().optional(),
      }),
    },
    async (ctx) => {
      const { user, session } = ctx.context.session;
      const { password } = ctx.body;
      // An empty password is refused before (auth-hooks.ts).
      if (password) {
        const hash = (await ctx.context.internalAdapter.findCredentialAccount(user.id))?.password;
        if (!hash)
          throw APIError.from('BAD_REQUEST', BASE_ERROR_CODES.CREDENTIAL_ACCOUNT_NOT_FOUND);
        if (!(await ctx.context.password.verify({ hash, password }))) throw wrongPassword();
      } else if (mailer !== undefined) {
        // Without a second proof, a session that was left open must not be enough.
        return ctx.json(await mailLink(user, session.token, ctx.headers));
      } else {
        requireFreshProof({ session });
      }
      const ended = await withErrorsRecorded(
        scopes,
        orm.transaction(async (tx) => {
          const owner = await lockOwner(tx, user.id);
          // Unless a concurrent request has deleted the account: then this one has what it asked for.
          if (owner !== undefined) await requireStillSignedIn(tx, user.id, session.token);
          return endAccount(tx, owner ?? user, ctx.headers);
        }),
      );
      deleteSessionCookie(ctx);
      return ctx.json(ended);
    },
  );
}
