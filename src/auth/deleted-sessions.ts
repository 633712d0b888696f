/** The sessions that BetterAuth deletes itself, by its adapter: they end with a reason, in one statement (session-endings.ts). */
import { and, eq, inArray, type SQL } from 'drizzle-orm';
import type { EndedSession } from '../db/session-endings.js';
import { currentTransaction } from '../db/current-transaction.js';
import { session } from '../db/schema.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { changeAdapter, type AdapterMethods, type CreateAdapter } from './change-adapter.js';
import { endSessionsByRequest } from './ended-by-request.js';

type Where = Parameters<AdapterMethods['delete']>[0]['where'];

export function recordDeletedSessions(
  create: CreateAdapter,
  dependencies: Pick<AuthDependencies, 'config' | 'orm' | 'scopes' | 'audit'>,
): CreateAdapter {
  const end = (where: Where): Promise<EndedSession[]> => {
    const db = currentTransaction(dependencies.orm);
    return endSessionsByRequest(db, dependencies, and(...where.map(toCondition)));
  };
  return changeAdapter(create, ({ delete: deleteOne, deleteMany }) => ({
    delete: async (query) => {
      if (query.model !== 'session') return deleteOne(query);
      await end(query.where);
    },
    deleteMany: async (query) => {
      if (query.model !== 'session') return deleteMany(query);
      return (await end(query.where)).length;
    },
  }));
}

/** The conditions by which BetterAuth 1.7.25 deletes sessions. @throws Error for any other */
function toCondition({ field, value, operator = 'eq', connector = 'AND' }: Where[number]): SQL {
  const column =
    field === 'token' ? session.token : field === 'userId' ? session.userId : undefined;
  if (column !== undefined && connector === 'AND') {
    if (operator === 'eq' && typeof value === 'string') return eq(column, value);
    if (operator === 'in' && Array.isArray(value)) return inArray(column, value as string[]);
  }
  throw new Error(`sessions are not deleted by ${field} ${operator}`);
}
