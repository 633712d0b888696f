/** The user's list of passkeys: shown, renamed, removed. */
import { createAuthEndpoint, sessionMiddleware } from 'better-auth/api';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { requireFreshProof } from '../../../auth/fresh-session.js';
import { lockOwner } from '../../../auth/link-rows.js';
import { findOwnSession, notSignedIn, requireStillSignedIn } from '../../../auth/own-session.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { user as userTable } from '../../../db/schema.js';
import { tokenFingerprint } from '../../../session/signed-token.js';
import { counterName } from '../counters.js';
import { passkey } from '../tables.js';
import { hasAnotherWayIn } from './last-way-in.js';
import type { WriteNotice } from './notices.js';
import { listPasskeys, shownPasskey } from './passkey-rows.js';
import type { Refuse } from './refusals.js';

export function listEndpoint({ orm, scopes }: AuthDependencies) {
  return createAuthEndpoint(
    '/passkey/list-user-passkeys',
    {
      method: 'GET',
      use: [sessionMiddleware],
      metadata: { openapi: { description: 'The passkeys of the user, the newest first' } },
    },
    async (ctx) => {
      const { user } = ctx.context.session;
      const rows = await withErrorsRecorded(scopes, listPasskeys(orm, user.id));
      return ctx.json(rows.map(shownPasskey));
    },
  );
}

export function renameEndpoint({ orm, scopes, audit }: AuthDependencies, refuse: Refuse) {
  return createAuthEndpoint(
    '/passkey/update-passkey',
    {
      method: 'POST',
      use: [sessionMiddleware],
      body: z.object({ id: z.string(), name: z.string().trim().min(1).max(100) }),
      metadata: { openapi: { description: 'Renames a passkey' } },
    },
    async (ctx) => {
      const { id, name } = ctx.body;
      const userId = ctx.context.session.user.id;
      const isOwn = and(eq(passkey.id, id), eq(passkey.userId, userId));
      const renaming = orm.transaction(async (tx) => {
        const [row] = await tx.update(passkey).set({ name }).where(isOwn).returning();
        if (row === undefined) throw refuse('passkey_not_found');
        const kind = 'passkey_rename';
        await audit?.record(tx, { kind, outcome: 'success', userId, details: { passkey: row.id } });
        return row;
      });
      const renamed = await withErrorsRecorded(scopes, renaming);
      return ctx.json({ passkey: shownPasskey(renamed) });
    },
  );
}

export function removeEndpoint(
  dependencies: AuthDependencies,
  { refuse, writeNotice }: { readonly refuse: Refuse; readonly writeNotice: WriteNotice },
) {
  const { config, orm, scopes, count, audit } = dependencies;
  const isRequired = config.features.totp?.mode === 'required';
  return createAuthEndpoint(
    '/passkey/delete-passkey',
    {
      method: 'POST',
      body: z.object({ id: z.string() }),
      metadata: { openapi: { description: 'Removes a passkey; one way to sign in remains' } },
    },
    async (ctx) => {
      const own = await findOwnSession(ctx.context.internalAdapter, scopes);
      if (own === undefined) throw notSignedIn();
      requireFreshProof(own);
      const { user, session } = own;
      const removal = orm.transaction(async (tx) => {
        await lockOwner(tx, user.id);
        await requireStillSignedIn(tx, user.id, session.token);
        const rows = await listPasskeys(tx, user.id);
        const others = rows.filter(({ id }) => id !== ctx.body.id);
        if (others.length === rows.length) throw refuse('passkey_not_found');
        if (others.length === 0 && !(await hasAnotherWayIn(tx, dependencies, user.id))) {
          throw refuse('passkey_last_way_in');
        }
        if (others.length === 0 && isRequired && !(await hasApp(tx, user.id))) {
          throw refuse('passkey_is_required');
        }
        await tx.delete(passkey).where(eq(passkey.id, ctx.body.id));
        await writeNotice(tx, 'passkey-removed', user, ctx.headers);
        await audit?.record(tx, {
          kind: 'passkey_remove',
          outcome: 'success',
          userId: user.id,
          session: tokenFingerprint(session.token),
          details: { passkey: ctx.body.id },
        });
      });
      await withErrorsRecorded(scopes, removal);
      count?.(counterName, 'removed');
      return ctx.json({ status: true });
    },
  );
}

/** Whether the user has an authenticator app. */
async function hasApp(tx: OrmOrTransaction, userId: string): Promise<boolean> {
  const rows = await tx
    .select({ hasApp: userTable.twoFactorEnabled })
    .from(userTable)
    .where(eq(userTable.id, userId));
  return rows[0]?.hasApp === true;
}
