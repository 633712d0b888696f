/**
 * Verifies a code: it completes a sign-in that waits for the second factor, confirms a new authenticator app, or raises the
 * session at hand. The paths and bodies are those of BetterAuth's stock client.
 */
import type { GenericEndpointContext } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { parseUserOutput } from 'better-auth/db';
import { z } from 'zod';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { browserName } from '../../../log/browser-name.js';
import { findOwnSession } from '../../../auth/own-session.js';
import {
  completeSignIn,
  findPendingSignIn,
  type PendingSignIn,
} from '../../../auth/pending-sign-in.js';
import { raiseSession } from '../../../auth/raise-session.js';
import type { UseProof } from '../../../auth/second-factor.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import type { Factors } from './factors.js';

const maximumLength = 100;

const body = z.object({
  code: z.string().max(maximumLength),
  /** Whether this browser may skip the second factor for a month. */
  trustDevice: z.boolean().optional(),
});

export function verificationEndpoints(dependencies: AuthDependencies, factors: Factors) {
  const { scopes, audit } = dependencies;
  const { secrets, backupCodes, devices, limit, refuse } = factors;

  /** Uses up the proof for the pending sign-in, otherwise for the session at hand. */
  async function prove(
    ctx: GenericEndpointContext,
    method: 'totp' | 'backup_code',
    pending: PendingSignIn | undefined,
    use: UseProof,
  ): Promise<{ token: string; user: object }> {
    if (pending !== undefined) return completeSignIn(ctx, dependencies, pending, method, use);
    const own = await requireOwnSession(ctx);
    const { token } = await raiseSession(ctx, dependencies, own, { method, aal: 2 }, use);
    return {
      token,
      user: parseUserOutput(ctx.context.options, { ...own.user, twoFactorEnabled: true }),
    };
  }

  async function requireOwnSession(ctx: GenericEndpointContext) {
    const own = await findOwnSession(ctx.context.internalAdapter, scopes);
    if (own === undefined) throw refuse('pending_sign_in_missing');
    return own;
  }

  async function userOf(ctx: GenericEndpointContext, pending: PendingSignIn | undefined) {
    return pending?.userId ?? (await requireOwnSession(ctx)).user.id;
  }

  async function trust(ctx: GenericEndpointContext, tx: OrmOrTransaction, userId: string) {
    const { trustDevice } = ctx.body as z.infer<typeof body>;
    if (trustDevice !== true) return;
    const browser = browserName(ctx.headers?.get('user-agent')) ?? 'unknown';
    await devices.trust(ctx, tx, userId, browser);
  }

  const verifyTotp = createAuthEndpoint(
    '/two-factor/verify-totp',
    {
      method: 'POST',
      body,
      metadata: { openapi: { description: 'Verifies a code of the authenticator app' } },
    },
    async (ctx) => {
      const { code } = ctx.body;
      const pending = await findPendingSignIn(dependencies);
      const userId = await userOf(ctx, pending);
      const proven = await limit.during(userId, async () => {
        // A sign-in that waits for the second factor cannot replace it.
        const mayEnrol = pending?.due !== 'verify';
        const confirm = mayEnrol ? await secrets.checkNew(ctx, userId, code) : undefined;
        const use = confirm ?? (await secrets.check(ctx, userId, code));
        const result = await prove(ctx, 'totp', pending, async (tx) => {
          await use(tx);
          if (confirm !== undefined) {
            await backupCodes.activate(tx, userId);
            await devices.revoke(tx, userId);
            await factors.notify(tx, userId, 'second-factor-enabled', ctx.headers);
            await audit?.record(tx, { kind: 'factor_add', outcome: 'success', userId });
          }
          await trust(ctx, tx, userId);
        });
        const scope = scopes.getStore();
        if (confirm !== undefined && scope !== undefined) scope.hasEnrolledApp = true;
        factors.count(confirm === undefined ? 'totp' : 'enrolled');
        return result;
      });
      return ctx.json(proven);
    },
  );

  const verifyBackupCode = createAuthEndpoint(
    '/two-factor/verify-backup-code',
    {
      method: 'POST',
      body,
      metadata: { openapi: { description: 'Uses up a backup code' } },
    },
    async (ctx) => {
      const pending = await findPendingSignIn(dependencies);
      const userId = await userOf(ctx, pending);
      let left = 0;
      const proven = await limit.during(userId, async () => {
        const use = await backupCodes.check(userId, ctx.body.code);
        return prove(ctx, 'backup_code', pending, async (tx) => {
          await use(tx);
          left = await backupCodes.left(tx, userId);
          await factors.notify(tx, userId, 'backup-code-used', ctx.headers, { left: String(left) });
          await trust(ctx, tx, userId);
        });
      });
      factors.count('backup_code');
      return ctx.json({ ...proven, backupCodesLeft: left });
    },
  );

  return { verifyTotp, verifyBackupCode };
}
