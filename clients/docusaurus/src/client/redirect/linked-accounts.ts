/** The providers with which the user can sign in. */
import { createAttempt } from '../action-call.js';
import type { ActionDependencies } from '../actions.js';
import { discardValue, type Outcome } from '../outcome.js';
import { isStatus } from '../response-shapes.js';
import { withStepUp } from '../step-up/step-up-gate.js';
import { lastWayIn } from './redirect-refusals.js';
import { isAccountList, type LinkedAccount } from './redirect-shapes.js';

export interface LinkedAccounts {
  /** Without the password. */
  readonly list: () => Promise<Outcome<readonly LinkedAccount[]>>;
  /** Requires a recent sign-in. The last way to sign in cannot be unlinked. */
  readonly unlink: (account: LinkedAccount) => Promise<Outcome>;
}

export function createLinkedAccounts(
  dependencies: Pick<ActionDependencies, 'client' | 'callContext' | 'stepUp'>,
): LinkedAccounts {
  const { client, callContext, stepUp } = dependencies;
  const attempt = createAttempt(callContext);
  return {
    async list() {
      const outcome = await attempt(() => client.listAccounts(), isAccountList);
      if (!outcome.ok) return outcome;
      const value = outcome.value.filter(({ providerId }) => providerId !== 'credential');
      return { ok: true, value };
    },
    async unlink({ id, providerId }) {
      const body = { providerId, accountId: id };
      const call = () => client.$fetch('/unlink-account', { method: 'POST', body });
      const outcome = await discardValue(withStepUp(stepUp, () => attempt(call, isStatus)));
      const isLast = !outcome.ok && outcome.code === 'FAILED_TO_UNLINK_LAST_ACCOUNT';
      return isLast ? { ...outcome, message: lastWayIn() } : outcome;
    },
  };
}
