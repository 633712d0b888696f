/** Sets an authenticator app up: a secret and backup codes, which count once the first code has confirmed that the app has it. */
import type { GenericEndpointContext } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { renderSVG } from 'uqr';
import { z } from 'zod';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { changeWithProof } from '../../../auth/change-with-proof.js';
import { lockOwner } from '../../../auth/link-rows.js';
import { lowerSessionsWithoutFactor } from '../../../auth/lower-sessions.js';
import { findOwnSession, notSignedIn } from '../../../auth/own-session.js';
import { findPendingSignIn } from '../../../auth/pending-sign-in.js';
import { siteOf } from '../../../auth/notice-details.js';
import { tokenFingerprint } from '../../../session/signed-token.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { removeFactors } from '../remove-factors.js';
import { otpauthUri } from '../time-step.js';
import type { Factors } from './factors.js';

const passwordBody = z.object({ password: z.string().optional() }).optional();

export function enrolmentEndpoints(dependencies: AuthDependencies, factors: Factors) {
  const { config, orm, scopes, audit } = dependencies;
  const { secrets, backupCodes, refuse } = factors;

  async function create(
    ctx: GenericEndpointContext,
    tx: OrmOrTransaction,
    { id, email }: { readonly id: string; readonly email: string },
  ) {
    await audit?.record(tx, { kind: 'factor_enrolment', outcome: 'success', userId: id });
    const secret = await secrets.create(ctx, tx, id);
    return { secret, email, codes: await backupCodes.create(tx, id) };
  }

  /** For a sign-in that waits until a second factor is set up. */
  async function createWhilePending(ctx: GenericEndpointContext) {
    const pending = await findPendingSignIn(dependencies);
    if (pending?.due !== 'enrol') throw notSignedIn();
    const created = orm.transaction(async (tx) => {
      const owner = await lockOwner(tx, pending.userId);
      if (owner === undefined) throw notSignedIn();
      // Another sign-in of this user has set one up meanwhile: this one must prove it.
      if (await secrets.isEnrolled(tx, pending.userId)) throw refuse('totp_already_enrolled');
      return create(ctx, tx, { id: pending.userId, email: owner.email });
    });
    return withErrorsRecorded(scopes, created);
  }

  const enable = createAuthEndpoint(
    '/two-factor/enable',
    {
      method: 'POST',
      body: passwordBody,
      metadata: {
        openapi: {
          description: 'Begins to set up an authenticator app; the first code confirms it',
        },
      },
    },
    async (ctx) => {
      const own = await findOwnSession(ctx.context.internalAdapter, scopes);
      const { password } = ctx.body ?? {};
      const created =
        own === undefined
          ? await createWhilePending(ctx)
          : await changeWithProof(ctx, dependencies, own, password, (tx) =>
              create(ctx, tx, own.user),
            );
      const issuer = new URL(siteOf(config, ctx.headers)).hostname;
      const totpURI = otpauthUri(created.secret, issuer, created.email);
      return ctx.json({ totpURI, backupCodes: created.codes, qrCode: renderSVG(totpURI) });
    },
  );

  const generateBackupCodes = createAuthEndpoint(
    '/two-factor/generate-backup-codes',
    {
      method: 'POST',
      body: passwordBody,
      metadata: { openapi: { description: 'Replaces all backup codes by ten new ones' } },
    },
    async (ctx) => {
      const own = await findOwnSession(ctx.context.internalAdapter, scopes);
      if (own === undefined) throw notSignedIn();
      const { password } = ctx.body ?? {};
      const codes = await changeWithProof(ctx, dependencies, own, password, async (tx) => {
        if (!(await secrets.isEnrolled(tx, own.user.id))) throw refuse('totp_not_enrolled');
        const replaced = await backupCodes.create(tx, own.user.id);
        await backupCodes.activate(tx, own.user.id);
        await factors.notify(tx, own.user.id, 'backup-codes-replaced', ctx.headers);
        await audit?.record(tx, {
          kind: 'backup_codes_replace',
          outcome: 'success',
          userId: own.user.id,
          session: tokenFingerprint(own.session.token),
        });
        return replaced;
      });
      return ctx.json({ backupCodes: codes });
    },
  );

  const disable = createAuthEndpoint(
    '/two-factor/disable',
    {
      method: 'POST',
      body: passwordBody,
      metadata: {
        openapi: { description: 'Removes authenticator app, backup codes, trusted devices' },
      },
    },
    async (ctx) => {
      const own = await findOwnSession(ctx.context.internalAdapter, scopes);
      if (own === undefined) throw notSignedIn();
      if (factors.isRequired) throw refuse('second_factor_is_required');
      const { id: userId } = own.user;
      await changeWithProof(ctx, dependencies, own, ctx.body?.password, async (tx) => {
        if (!(await removeFactors(tx, userId))) throw refuse('totp_not_enrolled');
        await lowerSessionsWithoutFactor(tx, config.features, userId);
        await factors.notify(tx, userId, 'second-factor-disabled', ctx.headers);
        const session = tokenFingerprint(own.session.token);
        await audit?.record(tx, { kind: 'factor_remove', outcome: 'success', userId, session });
      });
      factors.count('disabled');
      return ctx.json({ status: true });
    },
  );

  const status = createAuthEndpoint(
    '/two-factor/status',
    {
      method: 'GET',
      metadata: { openapi: { description: 'Whether the user has a second factor' } },
    },
    async (ctx) => {
      const own = await findOwnSession(ctx.context.internalAdapter, scopes);
      if (own === undefined) throw notSignedIn();
      const { id: userId } = own.user;
      const found = Promise.all([secrets.isEnrolled(orm, userId), backupCodes.left(orm, userId)]);
      const [enabled, backupCodesLeft] = await withErrorsRecorded(scopes, found);
      return ctx.json({ enabled, backupCodesLeft, required: factors.isRequired });
    },
  );

  return { enable, generateBackupCodes, disable, status };
}
