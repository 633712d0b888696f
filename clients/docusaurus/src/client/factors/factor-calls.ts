/** Calls about second factors and passkeys. After a proof the service has set a new cookie, which is checked. */
import { createAttempt, withActionTimeout, type CallOptions } from '../action-call.js';
import type { ActionDependencies } from '../actions.js';
import { completeSignIn, outcomeOf } from '../complete-sign-in.js';
import { done, type Outcome } from '../outcome.js';
import type { Shape, SignInAnswer } from '../response-shapes.js';
import { pendingFactor } from '../session-state.js';
import { explainFactor } from './factor-messages.js';

export interface FactorCalls {
  readonly get: <T>(path: string, shape: Shape<T>) => Promise<Outcome<T>>;
  readonly post: <T>(path: string, body: object, shape: Shape<T>) => Promise<Outcome<T>>;
  /**
   * Sends a proof. It presents the credential in use, cookie or bearer token: that of a pending sign-in, or of the session
   * to which the proof is added.
   */
  readonly prove: (path: string, body: object, shape: Shape<object>) => Promise<Outcome>;
}

export function createFactorCalls(dependencies: ActionDependencies): FactorCalls {
  const { client, callContext, sessions, bearer, passwordAdvice } = dependencies;
  const attempt = createAttempt(callContext);

  async function send<T>(
    path: string,
    init: { method: 'GET' | 'POST'; body?: object },
    shape: Shape<T>,
    { signal }: CallOptions,
  ): Promise<Outcome<T>> {
    const isPassword = 'password' in (init.body ?? {});
    const outcome = await attempt(() => client.$fetch(path, { ...init, signal }), shape);
    return explainFactor(outcome, isPassword);
  }

  /** A browser that refused the cookie before still does: its bearer token was replaced. */
  async function continueSignIn(signal: AbortSignal): Promise<Outcome> {
    if (bearer.token() === undefined) return completeSignIn(dependencies, signal);
    await sessions.recheck(signal);
    return outcomeOf(sessions);
  }

  return {
    get: (path, shape) => withActionTimeout((call) => send(path, { method: 'GET' }, shape, call)),
    post: (path, body, shape) =>
      withActionTimeout((call) => send(path, { method: 'POST', body }, shape, call)),
    prove: (path, body, shape) =>
      withActionTimeout(async (call) => {
        // Otherwise the answer to a check with the replaced cookie could arrive last, and delete the new one.
        await sessions.idle();
        const state = sessions.state();
        const isFirst = state.status !== 'signedIn' && pendingFactor(state) === undefined;
        if (isFirst) bearer.clear(); // the token of an earlier sign-in says nothing about this one
        const outcome = await send(path, { method: 'POST', body }, shape, call);
        if (!outcome.ok) {
          // It ended, or another tab finished it.
          if (outcome.code === 'PENDING_SIGN_IN_MISSING') await sessions.recheck(call.signal);
          return outcome;
        }
        const { passwordBreached } = outcome.value as SignInAnswer;
        const signedIn = isFirst
          ? await completeSignIn(dependencies, call.signal, {})
          : await continueSignIn(call.signal);
        // The page may have been reloaded since the password was sent.
        if (passwordBreached === true) passwordAdvice.set(true);
        dependencies.renewApiTokens();
        return signedIn.ok ? done : signedIn;
      }),
  };
}
