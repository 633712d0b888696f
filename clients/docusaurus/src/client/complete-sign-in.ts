/** After the service accepted the credentials: checks that this browser is signed in, by the cookie or by the token. */
import { translate } from '@docusaurus/Translate';
import type { AuthOptions } from '../options.js';
import type { CallContext } from './auth-failure.js';
import type { BearerNotice } from './bearer-notice.js';
import type { BearerStore } from './bearer-store.js';
import { bearerMessage, cookieMessage } from './cookie-messages.js';
import type { LastProvider } from './last-provider.js';
import { done, type Outcome } from './outcome.js';
import type { PasswordAdvice } from './password-advice.js';
import type { SignInAnswer } from './response-shapes.js';
import { dueByReason, secondFactorDueCode } from './second-factor.js';
import { pendingFactor, problemOf } from './session-state.js';
import type { SessionStore } from './session-store.js';

export interface SignInDependencies {
  readonly sessions: SessionStore;
  readonly bearer: BearerStore;
  readonly bearerNotice: BearerNotice;
  readonly lastProvider: LastProvider;
  readonly passwordAdvice: PasswordAdvice;
  readonly options: AuthOptions;
  readonly callContext: CallContext;
  readonly warnOnce: (message: string) => void;
}

/**
 * Sends one get-session request with only the cookie: its response shows whether the browser sends the cookie back, and
 * holds the session to show, or that a second factor is due. No bearer token is sent, because the one of this sign-in is
 * not in use yet.
 * @param signal aborts the requests
 * @param answer of the first factor; missing where a further proof was given
 * @returns a refusal with `SECOND_FACTOR_DUE` if the sign-in is not finished yet
 */
export async function completeSignIn(
  dependencies: SignInDependencies,
  signal: AbortSignal,
  answer?: SignInAnswer,
): Promise<Outcome> {
  const { sessions, bearer, bearerNotice, options, callContext, warnOnce } = dependencies;
  if (answer) {
    dependencies.lastProvider.clear(); // a sign-in with a provider sets it afterwards
    dependencies.passwordAdvice.set(answer.passwordBreached === true);
  }
  const result = await sessions.query(signal);
  const reason = result.reason ?? 'no_credential';
  const isPending = dueByReason(reason) !== undefined;
  if (result.failure || result.data || isPending) {
    // After a failure it is unknown whether the cookie works; the token stays staged until the next sign-in.
    if (result.data || isPending) {
      bearer.clear(); // no script can read the cookie, so it is the better place
      bearerNotice.clear();
    }
    sessions.applySignIn({ ...result, methods: answer?.twoFactorMethods });
    return outcomeOf(sessions);
  }
  const canUseToken = reason === 'no_credential' && options.bearerToken !== 'off';
  if (!canUseToken || !bearer.commit()) {
    const message = cookieMessage(reason, callContext);
    warnOnce(message);
    return { ok: false, code: 'COOKIE_REFUSED', message };
  }
  bearerNotice.markInUse();
  warnOnce(bearerMessage(options));
  await sessions.recheck(signal);
  return outcomeOf(sessions);
}

/** Whether the page is signed in now. */
export function outcomeOf({ state }: SessionStore): Outcome {
  const current = state();
  const problem = problemOf(current);
  if (current.status === 'signedIn' && problem === undefined) return done;
  const notice = current.status === 'signedOut' ? current.notice : undefined;
  if (pendingFactor(current) && problem === undefined && notice !== undefined)
    return { ok: false, code: secondFactorDueCode, message: notice };
  const message =
    problem ??
    notice ??
    translate({
      id: 'theme.auth.signIn.unknown',
      message: 'You signed in, but the service does not know this sign-in. Try again.',
      description: 'After a sign-in that the service does not recognize a moment later',
    });
  return { ok: false, code: 'NOT_SIGNED_IN', message };
}
