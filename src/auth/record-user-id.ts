/**
 * Records the user of a request, for the log: the first one that BetterAuth reads or creates for it. Also records that its
 * deletion is not scheduled, which saves a statement at sign-in (scheduled-deletion.ts), and that the user is locked.
 */
import type { RequestScopes } from '../request-scope.js';
import { changeAdapter, type CreateAdapter } from './change-adapter.js';

export function recordUserIds(create: CreateAdapter, scopes: RequestScopes): CreateAdapter {
  const record = (model: string, row: unknown): void => {
    const scope = scopes.getStore();
    if (scope === undefined || typeof row !== 'object' || row === null) return;
    const { id, userId, deleteAfter, lockedAt } = row as Record<string, unknown>;
    const user = model === 'user' ? id : model === 'session' ? userId : undefined;
    if (typeof user !== 'string') return;
    scope.userId ??= user;
    if (model === 'user' && deleteAfter === null) scope.unscheduledUserId = user;
    if (model === 'user' && lockedAt instanceof Date) scope.lockedUserId = user;
  };
  return changeAdapter(create, ({ findOne, findMany, create: insert }) => ({
    findOne: async <T>(query: Parameters<typeof findOne>[0]) => {
      const found = await findOne<T>(query);
      record(query.model, found);
      return found;
    },
    findMany: async <T>(query: Parameters<typeof findMany>[0]) => {
      const found = await findMany<T>(query);
      record(query.model, found[0]);
      return found;
    },
    create: async (query) => {
      const created = await insert(query);
      record(query.model, created);
      return created as never;
    },
  }));
}
