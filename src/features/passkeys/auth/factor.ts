/** A passkey as a second factor, and for a step-up. */
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import type { SecondFactor } from '../../../auth/second-factor.js';
import { counterName } from '../counters.js';
import { wayIn } from '../way-in.js';
import type { Assertions } from './assertions.js';
import type { Refuse } from './refusals.js';

export function createFactor(
  { count, orm, scopes }: Pick<AuthDependencies, 'count' | 'orm' | 'scopes'>,
  assertions: Assertions,
  refuse: Refuse,
): SecondFactor {
  return {
    method: 'passkey',
    field: 'passkey',
    isEnrolled: async (db, userId) => (await wayIn.count(db, userId)) > 0,
    async check(_ctx, userId, value) {
      const checked = await withErrorsRecorded(scopes, assertions.check(orm, value));
      if (checked.userId !== userId) throw refuse('passkey_user_mismatch');
      return async (tx) => {
        await assertions.use(tx, checked);
        count?.(counterName, 'verified');
      };
    },
  };
}
