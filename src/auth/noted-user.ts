/** Notes whom a request is about: the first user that BetterAuth read or made for it, for the log alone. */
import type { BetterAuthOptions } from 'better-auth';
import type { drizzleAdapter } from 'better-auth/adapters/drizzle';
import type { RequestScopes } from '../request-scope.js';

type CreateAdapter = ReturnType<typeof drizzleAdapter>;

/** The same adapter, changed in place as in watched-adapter.ts. */
export function noteUsers(create: CreateAdapter, scopes: RequestScopes): CreateAdapter {
  return (options: BetterAuthOptions) => {
    const adapter = create(options);
    const { findOne, findMany } = adapter;
    adapter.findOne = async <T>(query: Parameters<typeof findOne>[0]) => {
      const found = await findOne<T>(query);
      note(query.model, found);
      return found;
    };
    adapter.findMany = async <T>(query: Parameters<typeof findMany>[0]) => {
      const found = await findMany<T>(query);
      note(query.model, found[0]);
      return found;
    };
    return adapter;
  };

  function note(model: string, found: unknown): void {
    const scope = scopes.getStore();
    if (scope === undefined || typeof found !== 'object' || found === null) return;
    const { id, userId } = found as { id?: unknown; userId?: unknown };
    const about = model === 'user' ? id : model === 'session' ? userId : undefined;
    if (typeof about === 'string') scope.userId ??= about;
  }
}
