/** With what a user can prove again who they are, without a new sign-in. */
import { and, eq, isNotNull } from 'drizzle-orm';
import type { Orm } from '../db/client.js';
import { account } from '../db/schema.js';
import type { RequestScopes } from '../request-scope.js';
import { withErrorsRecorded } from './atomic-changes.js';
import { enrolledMethods, type SecondFactor } from './second-factor.js';

export type StepUpMethod = 'password' | SecondFactor['method'];

export type StepUpMethods = ReturnType<typeof createStepUpMethods>;

/** @param factors of the enabled features */
export function createStepUpMethods(
  { orm, scopes }: { readonly orm: Orm; readonly scopes: RequestScopes },
  factors: readonly SecondFactor[],
) {
  async function hasPassword(userId: string): Promise<boolean> {
    const own = and(
      eq(account.userId, userId),
      eq(account.providerId, 'credential'),
      isNotNull(account.password),
    );
    const rows = await withErrorsRecorded(
      scopes,
      orm.select({ id: account.id }).from(account).where(own).limit(1),
    );
    return rows.length > 0;
  }

  const secondFactorsOf = (userId: string): Promise<StepUpMethod[]> =>
    withErrorsRecorded(scopes, enrolledMethods(factors, orm, userId));

  return {
    /** The second factors that the user has. */
    secondFactorsOf,

    /** Empty for a user who signs in by mail or with a provider only: such a user signs in again instead. */
    async of(userId: string): Promise<StepUpMethod[]> {
      const factorsOfUser = await secondFactorsOf(userId);
      return (await hasPassword(userId)) ? ['password', ...factorsOfUser] : factorsOfUser;
    },
  };
}
