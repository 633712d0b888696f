/** The list of trusted devices, for their user. */
import { createAuthEndpoint } from 'better-auth/api';
import type { GenericEndpointContext } from 'better-auth';
import { z } from 'zod';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { findOwnSession, notSignedIn } from '../../../auth/own-session.js';
import type { Factors } from './factors.js';

export function deviceEndpoints({ orm, scopes, audit }: AuthDependencies, { devices }: Factors) {
  /** @returns how many were revoked */
  function revoke(userId: string, id?: string): Promise<number> {
    const revoking = orm.transaction(async (tx) => {
      const revoked = await devices.revoke(tx, userId, id);
      if (revoked === 0) return revoked;
      const kind = 'trusted_device_revoke';
      await audit?.record(tx, { kind, outcome: 'success', userId, details: { revoked } });
      return revoked;
    });
    return withErrorsRecorded(scopes, revoking);
  }

  async function requireUser(ctx: GenericEndpointContext): Promise<string> {
    const own = await findOwnSession(ctx.context.internalAdapter, scopes);
    if (own === undefined) throw notSignedIn();
    return own.user.id;
  }

  const listTrustedDevices = createAuthEndpoint(
    '/two-factor/trusted-devices',
    {
      method: 'GET',
      metadata: { openapi: { description: 'Browsers that skip the second factor' } },
    },
    async (ctx) => {
      const userId = await requireUser(ctx);
      return ctx.json(await withErrorsRecorded(scopes, devices.list(ctx, userId)));
    },
  );

  const revokeTrustedDevice = createAuthEndpoint(
    '/two-factor/revoke-trusted-device',
    {
      method: 'POST',
      body: z.object({ id: z.string() }),
      metadata: { openapi: { description: 'Lets one browser skip the second factor no longer' } },
    },
    async (ctx) => {
      const userId = await requireUser(ctx);
      return ctx.json({ status: true, revoked: await revoke(userId, ctx.body.id) });
    },
  );

  const revokeTrustedDevices = createAuthEndpoint(
    '/two-factor/revoke-trusted-devices',
    {
      method: 'POST',
      metadata: { openapi: { description: 'Lets no browser skip the second factor any longer' } },
    },
    async (ctx) => {
      const userId = await requireUser(ctx);
      return ctx.json({ status: true, revoked: await revoke(userId) });
    },
  );

  return { listTrustedDevices, revokeTrustedDevice, revokeTrustedDevices };
}
