/** A passkey as a second factor, and for a step-up. */
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import type { SecondFactor } from '../../../auth/second-factor.js';
import { counterName } from '../counters.js';
import { wayIn } from '../way-in.js';
import type { Assertions } from './assertions.js';
import type { Refuse } from './refusals.js';

export function createFactor(
  { count }: Pick<AuthDependencies, 'count'>,
  assertions: Assertions,
  refuse: Refuse,
): SecondFactor {
  return {
    method: 'passkey',
    field: 'passkey',
    isEnrolled: async (db, userId) => (await wayIn.count(db, userId)) > 0,
    async verify(_ctx, tx, userId, value) {
      const checked = await assertions.check(tx, value);
      if (checked.userId !== userId) throw refuse('passkey_user_mismatch');
      await assertions.use(tx, checked);
      count?.(counterName, 'verified');
    },
  };
}
