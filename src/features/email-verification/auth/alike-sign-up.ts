/**
 * `required`: a sign-up with a known address runs the code of one with an unknown address, in one transaction with as many
 * statements, so that neither the response nor its time reveals who has an account. BetterAuth would hash the password and
 * skip the rest.
 */
import { getCurrentAdapter } from '@better-auth/core/context';
import type { GenericEndpointContext, User } from 'better-auth';
import { randomUUID } from 'node:crypto';

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
): object {
  let owner: User | undefined;
  return {
    async findUserByEmail(email: string) {
      owner = (await internalAdapter.findUserByEmail(email))?.user;
      return null;
    },

    async createUser(...[values, source]: NewUser) {
      if (owner === undefined) return internalAdapter.createUser(values, source);
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
