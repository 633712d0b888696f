/** Actions on the account itself: changes of the user and deletion. Every action resolves with an outcome; none throws. */
import { translate } from '@docusaurus/Translate';
import { withActionTimeout, type Attempt } from './action-call.js';
import { isStatus, isSuccess } from './response-shapes.js';
import type { AuthClient } from './auth-client.js';
import type { BearerStore } from './bearer-store.js';
import { done, type Outcome, type Refusal } from './outcome.js';
import { passwordError } from './password-error.js';
import type { Profile } from './profile-inputs.js';
import type { SessionStore } from './session-store.js';
import { withStepUp, type StepUpGate } from './step-up/step-up-gate.js';

export interface AccountActions {
  readonly updateName: (name: string) => Promise<Outcome>;
  /** Replaces the given fields; null removes one. */
  readonly updateProfile: (profile: Profile) => Promise<Outcome>;
  /**
   * Deletes the account, its sessions and its password, immediately and permanently. It requires the password, so that
   * a screen left unlocked is not enough.
   */
  readonly deleteAccount: (fields: { password: string }) => Promise<Outcome>;
}

export interface AccountActionDependencies {
  readonly client: AuthClient;
  readonly sessions: SessionStore;
  readonly bearer: BearerStore;
  readonly attempt: Attempt;
  readonly stepUp: StepUpGate;
}

export function createAccountActions(dependencies: AccountActionDependencies): AccountActions {
  const { client, sessions, bearer, attempt, stepUp } = dependencies;

  function updateUser(changes: { name?: string; profile?: Profile }): Promise<Outcome> {
    return withActionTimeout(async (options) => {
      const outcome = await attempt(() => client.updateUser(changes, options), isStatus);
      if (!outcome.ok) return outcome;
      await sessions.recheck(options.signal); // for every component that shows the user
      return done;
    });
  }

  return {
    updateName: (name) => updateUser({ name }),
    updateProfile: (profile) => updateUser({ profile }),
    async deleteAccount({ password }) {
      // A BetterAuth server takes an empty password for a missing one, and deletes without a password check.
      const missing = passwordError(password);
      if (missing !== undefined) return { ok: false, code: 'INVALID_PASSWORD', message: missing };
      const outcome = await withStepUp(stepUp, () =>
        attempt(() => client.deleteUser({ password }, { disableSignal: true }), isDeletion),
      );
      if (!outcome.ok) return outcome;
      // Some BetterAuth servers mail a confirmation link first, and delete nothing yet.
      if (outcome.value.message === mailed) return linkSent();
      bearer.clear();
      sessions.markSignedOut();
      return done;
    },
  };
}

/** The messages that say what was done: BetterAuth's two, and the one of a service with days of grace. */
const deleted = 'User deleted';
const scheduled = 'Deletion scheduled';
const mailed = 'Verification email sent';

function isDeletion(value: unknown): value is { readonly message: string } {
  const { message } = (isSuccess(value) ? value : {}) as { message?: unknown };
  return message === deleted || message === scheduled || message === mailed;
}

function linkSent(): Refusal {
  const message = translate({
    id: 'theme.auth.deleteAccount.linkSent',
    message: 'Nothing is deleted yet: open the link in the e-mail that was sent to you.',
    description: 'If the service sends an e-mail before it deletes an account',
  });
  return { ok: false, code: 'LINK_SENT', message };
}
