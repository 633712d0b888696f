/** Notes whom a request is about: the first user that BetterAuth read or made for it, for the log alone. */
import type { BetterAuthOptions } from 'better-auth';
import type { drizzleAdapter } from 'better-auth/adapters/drizzle';
import type { RequestScopes } from '../request-scope.js';

type CreateAdapter = ReturnType<typeof drizzleAdapter>;
type Note = (model: string, row: unknown) => void;

/** What brings a row of a user or a session: the first argument names the model. */
const methods = ['findOne', 'findMany', 'create'];

/** The same adapter, changed in place as in watched-adapter.ts. */
export function noteUsers(create: CreateAdapter, scopes: RequestScopes): CreateAdapter {
  const note: Note = (model, row) => {
    const scope = scopes.getStore();
    if (scope === undefined || typeof row !== 'object' || row === null) return;
    const { id, userId } = row as { id?: unknown; userId?: unknown };
    const about = model === 'user' ? id : model === 'session' ? userId : undefined;
    if (typeof about === 'string') scope.userId ??= about;
  };
  return (options: BetterAuthOptions) => {
    const adapter = create(options);
    const { transaction } = adapter;
    noteRows(adapter, note);
    adapter.transaction = (run) =>
      transaction((inner) => {
        noteRows(inner, note);
        return run(inner);
      });
    return adapter;
  };
}

function noteRows(adapter: object, note: Note): void {
  const all = adapter as Record<string, (query: { model: string }) => Promise<unknown>>;
  for (const name of methods) {
    const method = all[name];
    if (method === undefined) continue;
    all[name] = async (query) => {
      const found = await method(query);
      note(query.model, Array.isArray(found) ? found[0] : found);
      return found;
    };
  }
}
