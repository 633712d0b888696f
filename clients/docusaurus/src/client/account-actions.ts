/** What a visitor can do with the account itself: another name, and the end of it. Each answers; none throws. */
import { translate } from '@docusaurus/Translate';
import type { AuthClient } from './create-auth.js';
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
  /** Turns whatever comes back, or does not, into an outcome. */
  readonly attempt: <T>(
    call: () => Promise<{ data: T | null; error: unknown }>,
  ) => Promise<Outcome<T>>;
}

export function createAccountActions(dependencies: AccountActionDependencies): AccountActions {
  const { client, sessions, bearer, attempt } = dependencies;
  return {
    async updateName(name) {
      const answer = await attempt(() => client.updateUser({ name }));
      if (!answer.ok) return answer;
      await sessions.recheck(); // every place that shows the name
      return done;
    },
    async deleteAccount({ password }) {
      // A BetterAuth server takes an empty password for none, and deletes without.
      const missing = passwordError(password);
      if (missing !== undefined) return { ok: false, code: 'INVALID_PASSWORD', message: missing };
      const answer = await attempt(() => client.deleteUser({ password }, { disableSignal: true }));
      if (!answer.ok) return answer;
      // Some BetterAuth servers send a link first, and nothing is deleted yet.
      if (answer.value.message !== 'User deleted') return linkSent();
      bearer.drop();
      sessions.forget();
      return done;
    },
  };
}

function linkSent(): Refusal {
  const message = translate({
    id: 'theme.auth.deleteAccount.linkSent',
    message: 'Nothing is deleted yet: open the link in the mail that was sent to you.',
    description: 'Where the service sends a mail before it deletes an account',
  });
  return { ok: false, code: 'LINK_SENT', message };
}
