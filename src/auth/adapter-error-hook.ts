/** Wraps BetterAuth's database adapter to report every error before BetterAuth can swallow it. */
import type { BetterAuthOptions } from 'better-auth';
import type { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { toDuplicateUserError } from './duplicate-user.js';

type CreateAdapter = ReturnType<typeof drizzleAdapter>;
type Transaction = ReturnType<CreateAdapter>['transaction'];
type Report = (error: unknown) => void;

/** Changes the adapter in place, because BetterAuth compares its adapter by identity. */
export function reportAdapterErrors(create: CreateAdapter, report: Report): CreateAdapter {
  return (options: BetterAuthOptions) => {
    const adapter = create(options);
    reportErrors(adapter, report);
    adapter.transaction = reportTransactionErrors(adapter.transaction, report);
    return adapter;
  };
}

function reportErrors(adapter: object, report: Report): void {
  const methods = adapter as Record<string, unknown>;
  for (const [name, method] of Object.entries(methods)) {
    if (typeof method !== 'function' || name === 'transaction') continue;
    methods[name] = async (...args: unknown[]): Promise<unknown> => {
      try {
        return await (method as (...args: unknown[]) => unknown)(...args);
      } catch (error) {
        if (isFromDatabase(error)) report(error);
        throw toDuplicateUserError(error);
      }
    };
  }
}

function reportTransactionErrors(transaction: Transaction, report: Report): Transaction {
  return async (run) => {
    const inside = { hasFailed: false };
    try {
      return await transaction(async (inner) => {
        reportErrors(inner, report);
        try {
          return await run(inner);
        } catch (error) {
          inside.hasFailed = true; // its queries have already been reported; a rejection such as 422 is not a fault
          throw error;
        }
      });
    } catch (error) {
      if (!inside.hasFailed) report(error); // BEGIN or COMMIT
      throw error;
    }
  };
}

/** BetterAuth's own errors are responses or programming errors, not database errors. */
function isFromDatabase(error: unknown): boolean {
  return !(error instanceof Error && ['APIError', 'BetterAuthError'].includes(error.name));
}
