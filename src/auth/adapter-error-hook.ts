/** Wraps BetterAuth's database adapter to report every error before BetterAuth can swallow it. */
import { changeAdapter, type AdapterMethods, type CreateAdapter } from './change-adapter.js';
import { toDuplicateUserError } from './duplicate-user.js';

type Transaction = ReturnType<CreateAdapter>['transaction'];
type Report = (error: unknown) => void;

export function reportAdapterErrors(create: CreateAdapter, report: Report): CreateAdapter {
  const changed = changeAdapter(create, (methods) => reportErrors(methods, report));
  return (options) => {
    const adapter = changed(options);
    adapter.transaction = reportTransactionErrors(adapter.transaction, report);
    return adapter;
  };
}

function reportErrors(methods: AdapterMethods, report: Report): Partial<AdapterMethods> {
  const reporting: Record<string, unknown> = {};
  for (const [name, method] of Object.entries(methods) as [string, unknown][]) {
    if (typeof method !== 'function' || name === 'transaction') continue;
    reporting[name] = async (...args: unknown[]): Promise<unknown> => {
      try {
        return await (method as (...args: unknown[]) => unknown)(...args);
      } catch (error) {
        if (isFromDatabase(error)) report(error);
        throw toDuplicateUserError(error);
      }
    };
  }
  return reporting;
}

function reportTransactionErrors(transaction: Transaction, report: Report): Transaction {
  return async (run) => {
    const inside = { hasFailed: false };
    try {
      return await transaction(async (inner) => {
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
