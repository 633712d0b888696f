/** After the service accepted the credentials: checks that this browser is signed in, by the cookie or by the token. */
import { translate } from '@docusaurus/Translate';
import type { AuthOptions } from '../options.js';
import type { CallContext } from './auth-failure.js';
import type { BearerNotice } from './bearer-notice.js';
import type { BearerStore } from './bearer-store.js';
import { bearerMessage, cookieMessage } from './cookie-messages.js';
import type { LastProvider } from './last-provider.js';
import { done, type Outcome } from './outcome.js';
import { problemOf } from './session-state.js';
import type { SessionStore } from './session-store.js';

export interface SignInDependencies {
  readonly sessions: SessionStore;
  readonly bearer: BearerStore;
  readonly bearerNotice: BearerNotice;
  readonly lastProvider: LastProvider;
  readonly options: AuthOptions;
  readonly callContext: CallContext;
  readonly warnOnce: (message: string) => void;
}

/**
 * Sends one get-session request with only the cookie: its response shows whether the browser sends the cookie back, and
 * holds the session to show. No bearer token is sent, because the one of this sign-in is not in use yet.
 * @param signal aborts the requests
 */
export async function completeSignIn(
  dependencies: SignInDependencies,
  signal: AbortSignal,
): Promise<Outcome> {
  const { sessions, bearer, bearerNotice, options, callContext, warnOnce } = dependencies;
  dependencies.lastProvider.clear(); // a sign-in with a provider sets it afterwards
  const result = await sessions.query(signal);
  const reason = result.reason ?? 'no_credential';
  if (result.failure || result.data) {
    // After a failure it is unknown whether the cookie works; the token stays staged until the next sign-in.
    if (result.data) {
      bearer.clear(); // no script can read the cookie, so it is the better place
      bearerNotice.clear();
    }
    sessions.applySignIn(result);
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

function outcomeOf({ state }: SessionStore): Outcome {
  const current = state();
  const problem = problemOf(current);
  if (current.status === 'signedIn' && problem === undefined) return done;
  const notice = current.status === 'signedOut' ? current.notice : undefined;
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
