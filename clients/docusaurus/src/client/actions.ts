/** What a visitor can do. Every action resolves with its value or with a message for the visitor; none throws. */
import { translate } from '@docusaurus/Translate';
import { createAccountActions, type AccountActions } from './account-actions.js';
import {
  createAttempt,
  withActionTimeout,
  type CallOptions,
  type ClientResponse,
} from './action-call.js';
import type { AuthClient } from './auth-client.js';
import { completeSignIn, type SignInDependencies } from './complete-sign-in.js';
import { createMailActions, type MailActions } from './mail-actions.js';
import { discardValue, done, type Outcome } from './outcome.js';
import { hasUser, isSessionList, isSignIn, isStatus, isSuccess } from './response-shapes.js';
import type { Profile } from './profile-inputs.js';
import type { FeatureStore } from './service-features.js';
import type { Session } from './session.js';
import type { SignUpVerifier } from './sign-up-verifier.js';
import { withStepUp, type StepUpGate } from './step-up/step-up-gate.js';

export interface AuthActions extends AccountActions, MailActions {
  readonly signIn: (fields: { email: string; password: string }) => Promise<Outcome>;
  readonly signUp: (fields: {
    name: string;
    email: string;
    password: string;
    /** The profile fields of the service's PROFILE_SCHEMA. */
    profile?: Profile;
  }) => Promise<Outcome>;
  readonly signOut: () => Promise<Outcome>;
  /** Ends every session of the user, including this one. */
  readonly signOutEverywhere: () => Promise<Outcome>;
  readonly listSessions: () => Promise<Outcome<readonly Session[]>>;
  readonly revokeSession: (session: Pick<Session, 'token'>) => Promise<Outcome>;
  /** Also ends the user's other sessions. */
  readonly changePassword: (fields: {
    currentPassword: string;
    newPassword: string;
  }) => Promise<Outcome>;
  /** Asks the service again who is signed in. */
  readonly recheck: () => Promise<void>;
}

export interface ActionDependencies extends SignInDependencies {
  readonly client: AuthClient;
  readonly features: FeatureStore;
  readonly verifier: SignUpVerifier;
  /** Asks the visitor for the newer or stronger proof that an action requires. */
  readonly stepUp: StepUpGate;
  /** Tokens for APIs state the proofs of the session. */
  readonly renewApiTokens: () => void;
}

export function createActions(dependencies: ActionDependencies): AuthActions {
  const { client, sessions, bearer, bearerNotice, callContext, features, verifier } = dependencies;
  const { passwordAdvice, stepUp } = dependencies;
  const attempt = createAttempt(callContext);

  async function startSession(
    call: (options: CallOptions) => Promise<ClientResponse>,
  ): Promise<Outcome> {
    bearer.clear(); // the token of an earlier sign-in says nothing about this one
    return withActionTimeout(async (options) => {
      const outcome = await attempt(() => call(options), isSignIn);
      if (!outcome.ok) return outcome;
      if (outcome.value.token === null) return noSessionYet();
      return completeSignIn(dependencies, options.signal, outcome.value);
    });
  }

  async function endSession(options: CallOptions): Promise<Outcome> {
    const outcome = await attempt(() => client.signOut({ fetchOptions: options }), isSuccess);
    if (!outcome.ok) return outcome;
    bearer.clear();
    bearerNotice.clear();
    sessions.markSignedOut();
    return done;
  }

  return {
    signIn: (fields) => startSession((options) => client.signIn.email(fields, options)),
    signUp: (fields) =>
      startSession(async (options) => {
        const offered = await features.load();
        const codeChallenge = offered?.emailVerification && (await verifier.challenge());
        return client.signUp.email({ ...fields, ...(codeChallenge && { codeChallenge }) }, options);
      }),
    signOut: () => withActionTimeout(endSession),
    signOutEverywhere: () =>
      withActionTimeout(async (options) => {
        const outcome = await attempt(() => client.revokeSessions(undefined, options), isStatus);
        return outcome.ok ? endSession(options) : outcome;
      }),
    listSessions: () => attempt(() => client.listSessions(), isSessionList),
    revokeSession: ({ token }) =>
      discardValue(attempt(() => client.revokeSession({ token }), isStatus)),
    async changePassword(fields) {
      const body = { ...fields, revokeOtherSessions: true };
      const outcome = await withStepUp(stepUp, () =>
        attempt(() => client.changePassword(body), hasUser),
      );
      if (outcome.ok) passwordAdvice.set(false);
      return outcome.ok ? done : outcome;
    },
    recheck: () => sessions.recheck(),
    ...createAccountActions({ client, sessions, bearer, attempt, stepUp }),
    ...createMailActions({ ...dependencies, attempt }),
  };
}

function noSessionYet(): Outcome {
  const message = translate({
    id: 'theme.auth.signUp.noSessionYet',
    message: 'Your account was created. Confirm your e-mail address, then sign in.',
    description:
      'After a sign-up, if the service requires the e-mail address to be confirmed first',
  });
  return { ok: false, code: 'NO_SESSION_YET', message };
}
