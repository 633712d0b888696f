/**
 * BetterAuth's side of the password reset. BetterAuth's own endpoints are replaced: they send the token in a query, leave
 * sessions and other links alive, and take longer for a known address.
 */
import { runWithTransaction } from '@better-auth/core/context';
import type { GenericEndpointContext } from 'better-auth';
import { APIError, createAuthEndpoint } from 'better-auth/api';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { withErrorsRecorded } from '../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../auth/auth-dependencies.js';
import type { AuthPart } from '../../auth/auth-part.js';
import { endSessionsAndLinks, removeLinkedAccounts } from '../../auth/end-access.js';
import { createMailedLinks } from '../../auth/mailed-links.js';
import { findOwnSession } from '../../auth/own-session.js';
import { describeTime } from '../../auth/notice-details.js';
import { redirectToPage, respondSignedIn } from '../../auth/mailed-link-endpoints.js';
import { pageFor } from '../../config/site-pages.js';
import { currentTransaction } from '../../db/current-transaction.js';
import { removeSecondFactors } from '../second-factors.js';
import { counterName } from './counters.js';

const dayMs = 86_400_000;

export function createAuthPart(_settings: object, dependencies: AuthDependencies): AuthPart {
  const { config, orm, scopes, mailer, count } = dependencies;
  const links = createMailedLinks('reset_password', counterName, dependencies);

  const requestPasswordReset = createAuthEndpoint(
    '/request-password-reset',
    {
      method: 'POST',
      // `redirectTo` is accepted for stock clients and ignored: SITE_PAGES decides where the link leads.
      body: z.object({ email: z.email(), redirectTo: z.string().optional() }),
    },
    async ({ body, context, headers, json }) => {
      const to = body.email.toLowerCase();
      const found = await context.internalAdapter.findUserByEmail(to);
      const own = (await findOwnSession(context.internalAdapter, scopes))?.user;
      await withErrorsRecorded(
        scopes,
        orm.transaction(async (tx) => {
          // An unknown address costs the same statements, so that the time does not reveal who has an account.
          const token = await links.create(tx, {
            userId: found?.user.id ?? randomUUID(),
            accountEmail: to,
          });
          await mailer?.enqueue(tx, {
            ...links.mail(token, headers),
            template: 'reset-password',
            to,
            isDecoy: found === null,
            isForSender: own?.email === to && own.emailVerified,
          });
        }),
      );
      return json({ status: true });
    },
  );

  const resetPasswordPage = redirectToPage(
    '/reset-password',
    'reset_password',
    pageFor(config, undefined),
  );

  const resetPassword = createAuthEndpoint(
    '/reset-password',
    { method: 'POST', body: z.object({ token: z.string(), newPassword: z.string() }) },
    async (ctx) => {
      const { token, newPassword } = ctx.body;
      const { internalAdapter, password, adapter } = ctx.context;
      checkLength(newPassword, password.config);
      const link = await withErrorsRecorded(scopes, links.find(token));
      const hash = await password.hash(newPassword);
      const signedIn = await withErrorsRecorded(
        scopes,
        runWithTransaction(adapter, async () => {
          const tx = currentTransaction(orm);
          const { userId } = link;
          await links.redeem(tx, link);
          const user = await internalAdapter.findUserById(userId);
          if (user === null) throw links.refuseWithoutAccount();
          await endSessionsAndLinks(tx, dependencies, userId, 'session_ended_by_reset'); // ASVS 7.4.3
          // Nothing that was linked before the owner proved the address may give access (account pre-hijacking).
          if (!user.emailVerified) {
            await removeLinkedAccounts(tx, userId);
            await removeSecondFactors(tx, userId);
          }
          await storePassword(internalAdapter, userId, hash);
          const owner = user.emailVerified
            ? user
            : await internalAdapter.updateUser(userId, { emailVerified: true });
          await mailer?.enqueue(tx, {
            ...links.mailOrigin(ctx.headers),
            template: 'password-was-reset',
            to: user.email,
            data: { when: describeTime(new Date()) },
            expiresAt: new Date(Date.now() + dayMs),
          });
          return { user: owner, session: await internalAdapter.createSession(userId) };
        }),
      );
      count?.(counterName, 'redeemed');
      return respondSignedIn(ctx, signedIn);
    },
  );

  return {
    plugins: [
      {
        id: 'password-reset',
        endpoints: { requestPasswordReset, resetPassword, resetPasswordPage },
      },
    ],
  };
}

type Context = GenericEndpointContext['context'];

async function storePassword(
  internalAdapter: Context['internalAdapter'],
  userId: string,
  password: string,
): Promise<void> {
  const existing = await internalAdapter.findCredentialAccount(userId);
  if (existing) await internalAdapter.updatePassword(userId, password);
  else {
    const providerId = 'credential';
    await internalAdapter.createAccount({ userId, providerId, accountId: userId, password });
  }
}

/** BetterAuth's own codes, which its clients know. */
function checkLength(
  password: string,
  limits: { minPasswordLength: number; maxPasswordLength: number },
): void {
  if (password.length < limits.minPasswordLength) {
    const message = 'Password too short';
    throw new APIError('BAD_REQUEST', { code: 'PASSWORD_TOO_SHORT', message });
  }
  if (password.length > limits.maxPasswordLength) {
    throw new APIError('BAD_REQUEST', { code: 'PASSWORD_TOO_LONG', message: 'Password too long' });
  }
}
