/** What a visitor can do with the account itself: another name, and the end of it. Each answers; none throws. */
import { translate } from '@docusaurus/Translate';
import { withActionTimeout, type Attempt } from './action-call.js';
import { isStatus, isSuccess } from './answer-shapes.js';
import type { AuthClient } from './auth-client.js';
import type { BearerStore } from './bearer-store.js';
import { passwordError } from './field-errors.js';
import { done, type Outcome, type Refusal } from './outcome.js';
import type { SessionStore } from './session-store.js';

export interface AccountActions {
  readonly updateName: (name: string) => Promise<Outcome>;
  /**
   * Deletes the account, its sessions and its password, at once and for good. The password is asked for again, so that
   * nobody does it at a screen that was left open.
   */
  readonly deleteAccount: (fields: { password: string }) => Promise<Outcome>;
}

export interface AccountActionDependencies {
  readonly client: AuthClient;
  readonly sessions: SessionStore;
  readonly bearer: BearerStore;
  readonly attempt: Attempt;
}

export function createAccountActions(dependencies: AccountActionDependencies): AccountActions {
  const { client, sessions, bearer, attempt } = dependencies;
  return {
    updateName: (name) =>
      withActionTimeout(async (options) => {
        const answer = await attempt(() => client.updateUser({ name }, options), isStatus);
        if (!answer.ok) return answer;
        await sessions.recheck(options.signal); // every place that shows the name
        return done;
      }),
    async deleteAccount({ password }) {
      // A BetterAuth server takes an empty password for none, and deletes without.
      const missing = passwordError(password);
      if (missing !== undefined) return { ok: false, code: 'INVALID_PASSWORD', message: missing };
      const answer = await attempt(
        () => client.deleteUser({ password }, { disableSignal: true }),
        isDeletion,
      );
      if (!answer.ok) return answer;
      // Some BetterAuth servers send a link first, and nothing is deleted yet.
      if (answer.value.message !== deleted) return linkSent();
      bearer.drop();
      sessions.forget();
      return done;
    },
  };
}

/** The two sentences by which BetterAuth says what it did. */
const deleted = 'User deleted';
const mailed = 'Verification email sent';

function isDeletion(value: unknown): value is { readonly message: string } {
  const { message } = (isSuccess(value) ? value : {}) as { message?: unknown };
  return message === deleted || message === mailed;
}

function linkSent(): Refusal {
  const message = translate({
    id: 'theme.auth.deleteAccount.linkSent',
    message: 'Nothing is deleted yet: open the link in the mail that was sent to you.',
    description: 'Where the service sends a mail before it deletes an account',
  });
  return { ok: false, code: 'LINK_SENT', message };
}
