/** Sets an authenticator app up: a secret and backup codes, which count once the first code has confirmed that the app has it. */
import { createAuthEndpoint } from 'better-auth/api';
import { renderSVG } from 'uqr';
import { z } from 'zod';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { requirePasswordOrFreshProof } from '../../../auth/fresh-session.js';
import { lockOwner } from '../../../auth/link-rows.js';
import { findOwnSession, notSignedIn } from '../../../auth/own-session.js';
import { findPendingSignIn } from '../../../auth/pending-sign-in.js';
import { siteOf } from '../../../auth/notice-details.js';
import { tokenFingerprint } from '../../../session/signed-token.js';
import { removeFactors } from '../remove-factors.js';
import { otpauthUri } from '../time-step.js';
import type { Factors } from './factors.js';

const passwordBody = z.object({ password: z.string().optional() }).optional();

export function enrolmentEndpoints(dependencies: AuthDependencies, factors: Factors) {
  const { config, orm, scopes, audit } = dependencies;
  const { secrets, backupCodes, refuse } = factors;

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
      let userId: string;
      if (own === undefined) {
        const pending = await findPendingSignIn(dependencies);
        if (pending === undefined) throw notSignedIn();
        if (pending.due !== 'enrol') throw notSignedIn();
        userId = pending.userId;
      } else {
        await requirePasswordOrFreshProof(ctx, own, ctx.body?.password);
        userId = own.user.id;
      }
      const created = await withErrorsRecorded(
        scopes,
        orm.transaction(async (tx) => {
          const owner = await lockOwner(tx, userId);
          if (owner === undefined) throw notSignedIn();
          // Another sign-in of this user has set one up meanwhile: this one must prove it.
          if (own === undefined && (await secrets.isEnrolled(tx, userId)))
            throw refuse('totp_already_enrolled');
          await audit?.record(tx, { kind: 'factor_enrolment', outcome: 'success', userId });
          const secret = await secrets.create(ctx, tx, userId);
          return { secret, email: owner.email, codes: await backupCodes.create(tx, userId) };
        }),
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
      await requirePasswordOrFreshProof(ctx, own, ctx.body?.password);
      const replaced = orm.transaction(async (tx) => {
        await factors.lockSession(tx, own);
        if (!(await secrets.isEnrolled(tx, own.user.id))) throw refuse('totp_not_enrolled');
        const codes = await backupCodes.create(tx, own.user.id);
        await backupCodes.activate(tx, own.user.id);
        await factors.notify(tx, own.user.id, 'backup-codes-replaced', ctx.headers);
        await audit?.record(tx, {
          kind: 'backup_codes_replace',
          outcome: 'success',
          userId: own.user.id,
          session: tokenFingerprint(own.session.token),
        });
        return codes;
      });
      return ctx.json({ backupCodes: await withErrorsRecorded(scopes, replaced) });
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
      await requirePasswordOrFreshProof(ctx, own, ctx.body?.password);
      const { id: userId } = own.user;
      const removed = orm.transaction(async (tx) => {
        await factors.lockSession(tx, own);
        if (!(await removeFactors(tx, userId))) throw refuse('totp_not_enrolled');
        await factors.notify(tx, userId, 'second-factor-disabled', ctx.headers);
        const session = tokenFingerprint(own.session.token);
        await audit?.record(tx, { kind: 'factor_remove', outcome: 'success', userId, session });
      });
      await withErrorsRecorded(scopes, removed);
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
