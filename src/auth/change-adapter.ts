/** Replaces methods of BetterAuth's database adapter, which its transactions have, too. */
import type { drizzleAdapter } from 'better-auth/adapters/drizzle';

export type CreateAdapter = ReturnType<typeof drizzleAdapter>;
type Adapter = ReturnType<CreateAdapter>;
export type BeginTransaction = Adapter['transaction'];
export type AdapterMethods = Parameters<Parameters<BeginTransaction>[0]>[0];

/**
 * Changes each adapter in place, because BetterAuth compares its adapter by identity.
 * @param replace receives an adapter's methods and returns those that take their place; called again for each transaction.
 * Its second argument begins a transaction, and is undefined within one.
 */
export function changeAdapter(
  create: CreateAdapter,
  replace: (methods: AdapterMethods, begin?: BeginTransaction) => Partial<AdapterMethods>,
): CreateAdapter {
  return (options) => {
    const adapter = create(options);
    const { transaction } = adapter;
    adapter.transaction = (run) =>
      transaction((inner) => run(Object.assign(inner, replace({ ...inner }))));
    return Object.assign(adapter, replace({ ...adapter }, adapter.transaction));
  };
}
