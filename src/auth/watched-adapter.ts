/** Wraps BetterAuth's database adapter so that every error is reported before BetterAuth can swallow it. */
import type { BetterAuthOptions } from 'better-auth';
import type { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { asDuplicateUser } from './duplicate-user.js';

type CreateAdapter = ReturnType<typeof drizzleAdapter>;
type Transaction = ReturnType<CreateAdapter>['transaction'];
type Report = (error: unknown) => void;

/** The same adapter, changed in place, because BetterAuth knows its adapter by identity. */
export function watchAdapter(create: CreateAdapter, report: Report): CreateAdapter {
  return (options: BetterAuthOptions) => {
    const adapter = create(options);
    watchMethods(adapter, report);
    adapter.transaction = watchedTransaction(adapter.transaction, report);
    return adapter;
  };
}

function watchMethods(adapter: object, report: Report): void {
  const methods = adapter as Record<string, unknown>;
  for (const [name, method] of Object.entries(methods)) {
    if (typeof method !== 'function' || name === 'transaction') continue;
    methods[name] = async (...args: unknown[]): Promise<unknown> => {
      try {
        return await (method as (...args: unknown[]) => unknown)(...args);
      } catch (error) {
        if (isFromDatabase(error)) report(error);
        throw asDuplicateUser(error);
      }
    };
  }
}

function watchedTransaction(transaction: Transaction, report: Report): Transaction {
  return async (run) => {
    const inside = { hasFailed: false };
    try {
      return await transaction(async (inner) => {
        watchMethods(inner, report);
        try {
          return await run(inner);
        } catch (error) {
          inside.hasFailed = true; // its queries have reported themselves; a refusal such as 422 is no fault
          throw error;
        }
      });
    } catch (error) {
      if (!inside.hasFailed) report(error); // BEGIN or COMMIT
      throw error;
    }
  };
}

/** BetterAuth's own errors are answers or programming errors, not the database's. */
function isFromDatabase(error: unknown): boolean {
  return !(error instanceof Error && ['APIError', 'BetterAuthError'].includes(error.name));
}
