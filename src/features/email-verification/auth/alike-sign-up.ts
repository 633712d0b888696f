/**
 * `required`: a sign-up with a known address runs the code of one with an unknown address, in one transaction with as many
 * statements, so that neither the response nor its time reveals who has an account. BetterAuth would hash the password and
 * skip the rest.
 */
import { getCurrentAdapter } from '@better-auth/core/context';
import type { GenericEndpointContext, User } from 'better-auth';
import { sql } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { currentTransaction } from '../../../db/current-transaction.js';

type Context = GenericEndpointContext['context'];
type InternalAdapter = Context['internalAdapter'];
type NewUser = Parameters<InternalAdapter['createUser']>;
type NewAccount = Parameters<InternalAdapter['linkAccount']>[0];

/**
 * @param mailOwner mails the owner of a known address, in the transaction of the sign-up
 * @returns what replaces methods of BetterAuth's internal adapter for this request
 */
export function alikeSignUp(
  { adapter, internalAdapter }: Pick<Context, 'adapter' | 'internalAdapter'>,
  mailOwner: (owner: User) => Promise<void>,
  { orm, scopes }: Pick<AuthDependencies, 'orm' | 'scopes'>,
): object {
  let owner: User | undefined;
  return {
    // BetterAuth asks before it hashes the password; createUser asks again.
    findUserByEmail: () => Promise.resolve(null),

    async createUser(...[values, source]: NewUser) {
      // The second of two sign-ups with a new address waits here for the first one, and then finds its account: it would
      // be refused as a duplicate otherwise, which two with a known address are not.
      const lock = sql`select pg_advisory_xact_lock(hashtextextended(${values.email}, 0))`;
      await currentTransaction(orm).execute(lock);
      owner = (await internalAdapter.findUserByEmail(values.email))?.user;
      if (owner === undefined) return internalAdapter.createUser(values, source);
      const scope = scopes.getStore();
      if (scope !== undefined) scope.signUpOwnerId = owner.id;
      // Never visible outside the transaction, which deletes it.
      const email = `${randomUUID()}@decoy.invalid`;
      const decoy = await internalAdapter.createUser({ ...values, email }, source);
      return { ...decoy, email: owner.email };
    },

    async linkAccount(account: NewAccount) {
      if (owner === undefined) return internalAdapter.linkAccount(account);
      await mailOwner(owner);
      // By BetterAuth's adapter, which an insert of the account would pass through.
      const where = [{ field: 'id', value: account.userId }];
      await (await getCurrentAdapter(adapter)).delete({ model: 'user', where });
      return account;
    },
  };
}
