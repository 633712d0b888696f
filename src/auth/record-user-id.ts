/**
 * Records the user of a request, for the log: the first one that BetterAuth reads or creates for it. Also records that its
 * deletion is not scheduled, which saves a statement at sign-in (scheduled-deletion.ts), and that the user is locked.
 */
import type { BetterAuthOptions } from 'better-auth';
import type { drizzleAdapter } from 'better-auth/adapters/drizzle';
import type { RequestScopes } from '../request-scope.js';

type CreateAdapter = ReturnType<typeof drizzleAdapter>;
type RecordRow = (model: string, row: unknown) => void;

/** Methods that return rows of a user or a session; the first argument names the model. */
const methods = ['findOne', 'findMany', 'create'];

/** Changes the adapter in place, as in adapter-error-hook.ts. */
export function recordUserIds(create: CreateAdapter, scopes: RequestScopes): CreateAdapter {
  const record: RecordRow = (model, row) => {
    const scope = scopes.getStore();
    if (scope === undefined || typeof row !== 'object' || row === null) return;
    const { id, userId, deleteAfter, lockedAt } = row as Record<string, unknown>;
    const user = model === 'user' ? id : model === 'session' ? userId : undefined;
    if (typeof user !== 'string') return;
    scope.userId ??= user;
    if (model === 'user' && deleteAfter === null) scope.unscheduledUserId = user;
    if (model === 'user' && lockedAt instanceof Date) scope.lockedUserId = user;
  };
  return (options: BetterAuthOptions) => {
    const adapter = create(options);
    const { transaction } = adapter;
    recordRows(adapter, record);
    adapter.transaction = (run) =>
      transaction((inner) => {
        recordRows(inner, record);
        return run(inner);
      });
    return adapter;
  };
}

function recordRows(adapter: object, record: RecordRow): void {
  const all = adapter as Record<string, (query: { model: string }) => Promise<unknown>>;
  for (const name of methods) {
    const method = all[name];
    if (method === undefined) continue;
    all[name] = async (query) => {
      const found = await method(query);
      record(query.model, Array.isArray(found) ? found[0] : found);
      return found;
    };
  }
}
