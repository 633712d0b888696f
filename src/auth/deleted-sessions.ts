/** The sessions that BetterAuth deletes itself, by its adapter: they end with a reason, in one statement (session-endings.ts). */
import type { BetterAuthOptions } from 'better-auth';
import type { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { and, eq, inArray, type SQL } from 'drizzle-orm';
import type { EndedSession } from '../db/session-endings.js';
import { currentTransaction } from '../db/current-transaction.js';
import { session } from '../db/schema.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { endSessionsByRequest } from './ended-by-request.js';

type CreateAdapter = ReturnType<typeof drizzleAdapter>;
type Deleting = Pick<ReturnType<CreateAdapter>, 'delete' | 'deleteMany'>;
type Where = Parameters<Deleting['delete']>[0]['where'];
type End = (where: Where) => Promise<EndedSession[]>;

/** Changes the adapter in place, as in adapter-error-hook.ts. */
export function recordDeletedSessions(
  create: CreateAdapter,
  dependencies: Pick<AuthDependencies, 'config' | 'orm' | 'scopes'>,
): CreateAdapter {
  const end: End = (where) => {
    const db = currentTransaction(dependencies.orm);
    return endSessionsByRequest(db, dependencies, and(...where.map(toCondition)));
  };
  return (options: BetterAuthOptions) => {
    const adapter = create(options);
    const { transaction } = adapter;
    replaceDeletions(adapter, end);
    adapter.transaction = (run) =>
      transaction((inner) => {
        replaceDeletions(inner, end);
        return run(inner);
      });
    return adapter;
  };
}

function replaceDeletions(adapter: Deleting, end: End): void {
  const { delete: deleteOne, deleteMany } = adapter;
  adapter.delete = async (query) => {
    if (query.model !== 'session') return deleteOne(query);
    await end(query.where);
  };
  adapter.deleteMany = async (query) => {
    if (query.model !== 'session') return deleteMany(query);
    return (await end(query.where)).length;
  };
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
