/**
 * Hides sessions that wait for a second factor from BetterAuth, so that none of its endpoints accepts one or lists it: they
 * find it only by pending-sign-in.ts.
 */
import type { RequestScopes } from '../request-scope.js';
import { changeAdapter, type CreateAdapter } from './change-adapter.js';

export function hidePendingSessions(create: CreateAdapter, scopes: RequestScopes): CreateAdapter {
  return changeAdapter(create, ({ findOne, findMany }) => ({
    findOne: async <T>(query: Parameters<typeof findOne>[0]) => {
      const found = await findOne<T>(query);
      if (query.model !== 'session' || found === null || !isPending(found)) return found;
      const scope = scopes.getStore();
      // BetterAuth clears the cookie of a session that it does not find; this one is still needed.
      if (scope !== undefined) scope.hasHiddenSession = true;
      return null;
    },
    findMany: async <T>(query: Parameters<typeof findMany>[0]) => {
      const found = await findMany<T>(query);
      return query.model === 'session' ? found.filter((row) => !isPending(row)) : found;
    },
  }));
}

/** A row that was read without the column counts as pending, too: nothing signs in by mistake. */
export function isPending(row: unknown): boolean {
  return (row as { secondFactorDue?: unknown }).secondFactorDue !== null;
}
