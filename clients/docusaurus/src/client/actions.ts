/** What a visitor can do. Each answers with its value or with one sentence for the visitor; none throws. */
import { translate } from '@docusaurus/Translate';
import { createAccountActions, type AccountActions } from './account-actions.js';
import type { AuthClient } from './create-auth.js';
import { actionTimeoutMs, createDeadline } from './deadline.js';
import { sentenceFor, type Fault } from './fault.js';
import { done, type Outcome } from './outcome.js';
import type { Session } from './session-state.js';
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

  async function attempt<T>(call: () => Promise<Answer<T>>): Promise<Outcome<T>> {
    const { data, error } = await call().catch(() => ({ data: null, error: unreadable }));
    if (!error) return { ok: true, value: data as T };
    const {
      code = '',
      httpStatus = 500,
      message,
      retryAfterSeconds,
      field,
    } = error as Partial<Fault>;
    const fault = { code, httpStatus, message, retryAfterSeconds };
    return { ok: false, code, message: sentenceFor(fault, place), field, retryAfterSeconds };
  }

  async function enter(
    call: (options: CallOptions) => Promise<Answer<{ token: string | null }>>,
  ): Promise<Outcome> {
    bearer.drop(); // of a sign-in before: it says nothing of this one
    return inTime(async (options) => {
      const answer = await attempt(() => call(options));
      if (!answer.ok) return answer;
      if (answer.value.token === null) return noSessionYet();
      return settleSignIn(dependencies, options.signal);
    });
  }

  async function leave(options: CallOptions): Promise<Outcome> {
    const answer = await attempt(() => client.signOut({ fetchOptions: options }));
    if (!answer.ok) return answer;
    bearer.drop();
    bearerNotice.clear();
    sessions.forget();
    return done;
  }

  return {
    signIn: (fields) => enter((options) => client.signIn.email(fields, options)),
    signUp: (fields) => enter((options) => client.signUp.email(fields, options)),
    signOut: () => inTime(leave),
    signOutEverywhere: () =>
      inTime(async (options) => {
        const answer = await attempt(() => client.revokeSessions(undefined, options));
        return answer.ok ? leave(options) : answer;
      }),
    listSessions: () => attempt(() => client.listSessions()),
    revokeSession: ({ token }) => plain(attempt(() => client.revokeSession({ token }))),
    changePassword: (fields) =>
      plain(attempt(() => client.changePassword({ ...fields, revokeOtherSessions: true }))),
    recheck: () => sessions.recheck(),
    ...createAccountActions({ client, sessions, bearer, attempt }),
  };
}

interface CallOptions {
  readonly signal: AbortSignal;
  /** BetterAuth's own store of the session is not used: `SessionStore` asks. */
  readonly disableSignal: true;
}

/** All requests of one action together end in time, however many hang. */
async function inTime<T>(action: (options: CallOptions) => Promise<T>): Promise<T> {
  const deadline = createDeadline(actionTimeoutMs);
  try {
    return await action({ signal: deadline.signal, disableSignal: true });
  } finally {
    deadline.clear();
  }
}

function noSessionYet(): Outcome {
  const message = translate({
    id: 'theme.auth.signUp.noSessionYet',
    message: 'Your account is there. Confirm your e-mail address, then sign in.',
  });
  return { ok: false, code: 'NO_SESSION_YET', message };
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
