/** What a visitor can do. Each answers with its value or with one sentence for the visitor; none throws. */
import type { AuthClient } from './create-auth.js';
import { sentenceFor, type Fault } from './fault.js';
import { done, type Outcome } from './outcome.js';
import type { Session } from './session-state.js';
import { settleSignIn, type SettleDependencies } from './settle-sign-in.js';

export interface AuthActions {
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

/** The session is asked for after the probe, not before: until then nobody knows whether the cookie counts. */
const quietly = { disableSignal: true };

export function createActions(dependencies: ActionDependencies): AuthActions {
  const { client, sessions, bearer, place } = dependencies;

  async function attempt<T>(call: () => Promise<Answer<T>>): Promise<Outcome<T>> {
    const { data, error } = await call().catch(() => ({ data: null, error: unreadable }));
    if (!error) return { ok: true, value: data as T };
    const { code = '', httpStatus = 500, message, retryAfterSeconds } = error as Partial<Fault>;
    const fault = { code, httpStatus, message, retryAfterSeconds };
    return { ok: false, code, message: sentenceFor(fault, place) };
  }

  async function enter(call: () => Promise<Answer<{ token: string | null }>>): Promise<Outcome> {
    bearer.drop(); // of a sign-in before: it says nothing of this one
    const answer = await attempt(call);
    if (!answer.ok) return answer;
    if (answer.value.token !== null) return settleSignIn(dependencies);
    const message = 'Your account is there. Confirm your e-mail address, then sign in.';
    return { ok: false, code: 'NO_SESSION_YET', message };
  }

  async function signOut(): Promise<Outcome> {
    const answer = await attempt(() => client.signOut());
    if (!answer.ok) return answer;
    bearer.drop();
    sessions.forget();
    return done;
  }

  return {
    signIn: (fields) => enter(() => client.signIn.email(fields, quietly)),
    signUp: (fields) => enter(() => client.signUp.email(fields, quietly)),
    signOut,
    async signOutEverywhere() {
      const answer = await attempt(() => client.revokeSessions(undefined, quietly));
      return answer.ok ? signOut() : answer;
    },
    listSessions: () => attempt(() => client.listSessions()),
    revokeSession: ({ token }) => plain(attempt(() => client.revokeSession({ token }))),
    changePassword: (fields) =>
      plain(attempt(() => client.changePassword({ ...fields, revokeOtherSessions: true }))),
    recheck: () => sessions.recheck(),
  };
}

interface Answer<T> {
  readonly data: T | null;
  readonly error: unknown;
}

const unreadable: Fault = { code: 'SERVICE_UNAVAILABLE', httpStatus: 503 };

async function plain(outcome: Promise<Outcome<unknown>>): Promise<Outcome> {
  const settled = await outcome;
  return settled.ok ? done : settled;
}
