/**
 * `POST /unlink-account`, in place of BetterAuth's: that one counts and deletes in two statements, so two requests at once
 * take both ways in, and counts a password that was removed.
 */
import { APIError, createAuthEndpoint } from 'better-auth/api';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { requireFreshProof } from '../../../auth/fresh-session.js';
import { lockOwner } from '../../../auth/link-rows.js';
import { findOwnSession, notSignedIn, requireStillSignedIn } from '../../../auth/own-session.js';
import { hasFeatureWayIn } from '../../ways-in.js';
import { account } from '../../../db/schema.js';
import { tokenFingerprint } from '../../../session/signed-token.js';
import type { NoticeOfLogin } from './notice-of-login.js';

export function unlinkEndpoint(
  { config, orm, scopes, identityProviders, audit }: AuthDependencies,
  writeNotice: NoticeOfLogin,
) {
  return createAuthEndpoint(
    '/unlink-account',
    {
      method: 'POST',
      body: z.object({
        /** The `id` of list-accounts. */
        accountId: z.string(),
        providerId: z.string().optional(),
      }),
      metadata: { openapi: { description: 'Unlinks a login; one way in remains' } },
    },
    async (ctx) => {
      const own = await findOwnSession(ctx.context.internalAdapter, scopes);
      if (own === undefined) throw notSignedIn();
      requireFreshProof(own);
      const { id: userId } = own.user;
      const { accountId } = ctx.body;
      const unlinked = orm.transaction(async (tx) => {
        await lockOwner(tx, userId);
        await requireStillSignedIn(tx, userId, own.session.token);
        const all = await tx
          .select({ id: account.id, provider: account.providerId, password: account.password })
          .from(account)
          .where(eq(account.userId, userId));
        const login = all.find(({ id }) => id === accountId);
        // A password is changed or reset, with its own proofs and notices.
        if (login === undefined || login.provider === 'credential') {
          throw new APIError('BAD_REQUEST', {
            code: 'ACCOUNT_NOT_FOUND',
            message: 'This login is not linked to the account.',
          });
        }
        const others = all.filter(({ id, provider, password }) => {
          if (id === accountId) return false;
          // A login at a provider that is not configured any more signs nobody in.
          return password !== null || identityProviders?.find(provider) !== undefined;
        });
        if (others.length === 0 && !(await hasFeatureWayIn(tx, config.features, userId))) {
          throw new APIError('BAD_REQUEST', {
            code: 'FAILED_TO_UNLINK_LAST_ACCOUNT',
            message: 'This is the only way to sign in. Set a password or link another login first.',
          });
        }
        await tx.delete(account).where(eq(account.id, accountId));
        await writeNotice(tx, 'login-unlinked', own.user, login.provider, ctx.headers);
        await audit?.record(tx, {
          kind: 'login_unlink',
          outcome: 'success',
          userId,
          session: tokenFingerprint(own.session.token),
          details: { provider: login.provider },
        });
      });
      await withErrorsRecorded(scopes, unlinked);
      return ctx.json({ status: true });
    },
  );
}
