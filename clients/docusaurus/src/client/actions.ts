/** What a visitor can do. Each answers with its value or with one sentence for the visitor; none throws. */
import { translate } from '@docusaurus/Translate';
import { createAccountActions, type AccountActions } from './account-actions.js';
import {
  createAttempt,
  withActionTimeout,
  type CallOptions,
  type ClientResponse,
} from './action-call.js';
import { hasUser, isSessionList, isSignIn, isStatus, isSuccess } from './answer-shapes.js';
import type { AuthClient } from './auth-client.js';
import { done, type Outcome } from './outcome.js';
import type { Session } from './session.js';
import { settleSignIn, type SettleDependencies } from './settle-sign-in.js';

export interface AuthActions extends AccountActions {
  readonly signIn: (fields: { email: string; password: string }) => Promise<Outcome>;
  readonly signUp: (fields: { name: string; email: string; password: string }) => Promise<Outcome>;
  readonly signOut: () => Promise<Outcome>;
  /** Ends every session of the user, this one included. */
  readonly signOutEverywhere: () => Promise<Outcome>;
  readonly listSessions: () => Promise<Outcome<readonly Session[]>>;
  readonly revokeSession: (session: Pick<Session, 'token'>) => Promise<Outcome>;
  /** Ends the other sessions too. */
  readonly changePassword: (fields: {
    currentPassword: string;
    newPassword: string;
  }) => Promise<Outcome>;
  /** Asks the service again who is signed in. */
  readonly recheck: () => Promise<void>;
}

export interface ActionDependencies extends SettleDependencies {
  readonly client: AuthClient;
}

export function createActions(dependencies: ActionDependencies): AuthActions {
  const { client, sessions, bearer, bearerNotice, place } = dependencies;

  const attempt = createAttempt(place);

  async function enter(call: (options: CallOptions) => Promise<ClientResponse>): Promise<Outcome> {
    bearer.drop(); // of a sign-in before: it says nothing of this one
    return withActionTimeout(async (options) => {
      const answer = await attempt(() => call(options), isSignIn);
      if (!answer.ok) return answer;
      if (answer.value.token === null) return noSessionYet();
      return settleSignIn(dependencies, options.signal);
    });
  }

  async function leave(options: CallOptions): Promise<Outcome> {
    const answer = await attempt(() => client.signOut({ fetchOptions: options }), isSuccess);
    if (!answer.ok) return answer;
    bearer.drop();
    bearerNotice.clear();
    sessions.forget();
    return done;
  }

  return {
    signIn: (fields) => enter((options) => client.signIn.email(fields, options)),
    signUp: (fields) => enter((options) => client.signUp.email(fields, options)),
    signOut: () => withActionTimeout(leave),
    signOutEverywhere: () =>
      withActionTimeout(async (options) => {
        const answer = await attempt(() => client.revokeSessions(undefined, options), isStatus);
        return answer.ok ? leave(options) : answer;
      }),
    listSessions: () => attempt(() => client.listSessions(), isSessionList),
    revokeSession: ({ token }) => plain(attempt(() => client.revokeSession({ token }), isStatus)),
    changePassword: (fields) =>
      plain(
        attempt(() => client.changePassword({ ...fields, revokeOtherSessions: true }), hasUser),
      ),
    recheck: () => sessions.recheck(),
    ...createAccountActions({ client, sessions, bearer, attempt }),
  };
}

function noSessionYet(): Outcome {
  const message = translate({
    id: 'theme.auth.signUp.noSessionYet',
    message: 'Your account is there. Confirm your e-mail address, then sign in.',
    description: 'After a sign-up, where the service wants the e-mail address confirmed first',
  });
  return { ok: false, code: 'NO_SESSION_YET', message };
}

async function plain(outcome: Promise<Outcome<unknown>>): Promise<Outcome> {
  const settled = await outcome;
  return settled.ok ? done : settled;
}
