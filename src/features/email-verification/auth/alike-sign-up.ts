/**
 * `required`: a sign-up with a known address runs the code of one with an unknown address, in one transaction with as many
 * statements, so that neither the response nor its time reveals who has an account. BetterAuth would hash the password and
 * skip the rest.
 */
import type { GenericEndpointContext, User } from 'better-auth';
import { eq } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import type { OrmOrTransaction } from '../../../db/client.js';
import { user } from '../../../db/schema.js';

type InternalAdapter = GenericEndpointContext['context']['internalAdapter'];
type NewUser = Parameters<InternalAdapter['createUser']>;
type NewAccount = Parameters<InternalAdapter['linkAccount']>[0];

/**
 * @param mailOwner mails the owner of a known address, in the transaction of the sign-up
 * @param transaction the one that the sign-up runs in
 * @returns what replaces methods of BetterAuth's internal adapter for this request
 */
export function alikeSignUp(
  internalAdapter: InternalAdapter,
  mailOwner: (owner: User) => Promise<void>,
  transaction: () => OrmOrTransaction,
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
      await transaction().delete(user).where(eq(user.id, account.userId));
      return account;
    },
  };
}
