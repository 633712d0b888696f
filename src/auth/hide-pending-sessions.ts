/**
 * Hides sessions that wait for a second factor from BetterAuth, so that none of its endpoints accepts one or lists it: they
 * find it only by pending-sign-in.ts.
 */
import type { BetterAuthOptions } from 'better-auth';
import type { drizzleAdapter } from 'better-auth/adapters/drizzle';
import type { RequestScopes } from '../request-scope.js';

type CreateAdapter = ReturnType<typeof drizzleAdapter>;
type Reader = Pick<ReturnType<CreateAdapter>, 'findOne' | 'findMany'>;

/** Changes the adapter in place, as in adapter-error-hook.ts. */
export function hidePendingSessions(create: CreateAdapter, scopes: RequestScopes): CreateAdapter {
  return (options: BetterAuthOptions) => {
    const adapter = create(options);
    const { transaction } = adapter;
    hideIn(adapter, scopes);
    adapter.transaction = (run) =>
      transaction((inner) => {
        hideIn(inner, scopes);
        return run(inner);
      });
    return adapter;
  };
}

function hideIn(adapter: Reader, scopes: RequestScopes): void {
  const { findOne, findMany } = adapter;
  adapter.findOne = async <T>(query: Parameters<typeof findOne>[0]) => {
    const found = await findOne<T>(query);
    if (query.model !== 'session' || found === null || !isPending(found)) return found;
    const scope = scopes.getStore();
    // BetterAuth clears the cookie of a session that it does not find; this one is still needed.
    if (scope !== undefined) scope.hasHiddenSession = true;
    return null;
  };
  adapter.findMany = async <T>(query: Parameters<typeof findMany>[0]) => {
    const found = await findMany<T>(query);
    return query.model === 'session' ? found.filter((row) => !isPending(row)) : found;
  };
}

/** A row that was read without the column counts as pending, too: nothing signs in by mistake. */
export function isPending(row: unknown): boolean {
  return (row as { secondFactorDue?: unknown }).secondFactorDue !== null;
}
