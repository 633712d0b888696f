/**
 * The session that a browser presents while it signs in: the new one replaces it, which would otherwise stay active
 * (ASVS 7.2.4).
 */
import type { GenericEndpointContext } from 'better-auth';
import { inArray } from 'drizzle-orm';
import type { OrmOrTransaction } from '../db/client.js';
import { currentTransaction } from '../db/current-transaction.js';
import { session } from '../db/schema.js';
import { withErrorsRecorded } from './atomic-changes.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { endSessionsByRequest } from './ended-by-request.js';
import { startsSession } from './first-factors.js';

type Context = Pick<GenericEndpointContext, 'path' | 'context' | 'getSignedCookie'>;

export type ReplacedSessions = ReturnType<typeof createReplacedSessions>;

export function createReplacedSessions(
  dependencies: Pick<AuthDependencies, 'config' | 'orm' | 'scopes'>,
) {
  const { orm, scopes } = dependencies;

  async function end(db: OrmOrTransaction, ctx: Context, newToken: string | undefined) {
    const scope = scopes.getStore();
    const cookie = ctx.context.authCookies.sessionToken.name;
    const presented = await ctx.getSignedCookie(cookie, ctx.context.secret);
    const tokens = new Set([presented, ...(scope?.presentedTokens ?? [])]);
    const replaced = [...tokens].filter((token) => !!token && token !== newToken) as string[];
    if (replaced.length === 0) return;
    const isReplaced = inArray(session.token, replaced);
    await withErrorsRecorded(
      scopes,
      endSessionsByRequest(db, dependencies, isReplaced, 'session_replaced'),
    );
  }

  return {
    /**
     * Before the new session is created, in its transaction if it has one: a failure after the commit would answer 503 for
     * a link that is used up, or an account that exists.
     */
    async endInTransaction(ctx: Context | null): Promise<void> {
      const tx = currentTransaction(orm);
      if (ctx === null || tx === orm || !startsSession.includes(ctx.path)) return;
      await end(tx, ctx, undefined);
      const scope = scopes.getStore();
      if (scope !== undefined) scope.hasEndedReplacedSession = true;
    },

    /** A sign-in has no transaction: before it, a refused one would sign out. If this fails, a retry does all of it. */
    async endAfter(ctx: Context, newToken: string): Promise<void> {
      if (scopes.getStore()?.hasEndedReplacedSession !== true) await end(orm, ctx, newToken);
    },
  };
}
