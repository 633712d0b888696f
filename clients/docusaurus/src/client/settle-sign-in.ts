/** After the service said yes: makes sure that the sign-in counts in this browser, by the cookie or by the token. */
import { translate } from '@docusaurus/Translate';
import type { AuthOptions } from '../options.js';
import type { BearerNotice } from './bearer-notice.js';
import type { BearerStore } from './bearer-store.js';
import type { Place } from './fault.js';
import { done, type Outcome } from './outcome.js';
import { bearerSentence, cookieSentence } from './probe-cookie.js';
import { problemOf } from './session-state.js';
import type { SessionStore } from './session-store.js';

export interface SettleDependencies {
  readonly sessions: SessionStore;
  readonly bearer: BearerStore;
  readonly bearerNotice: BearerNotice;
  readonly options: AuthOptions;
  readonly place: Place;
  readonly warnOnce: (message: string) => void;
}

/**
 * One question, with the cookie alone: its answer is both the proof that the browser sends the cookie back and the
 * session to show. No bearer token goes along, because the one of this sign-in is not in use yet.
 * @param signal ends the questions
 */
export async function settleSignIn(
  dependencies: SettleDependencies,
  signal: AbortSignal,
): Promise<Outcome> {
  const { sessions, bearer, bearerNotice, options, place, warnOnce } = dependencies;
  const answer = await sessions.query(signal);
  const reason = answer.reason ?? 'no_credential';
  if (answer.fault || answer.data) {
    // With a fault nobody can tell; the token is kept aside until the next sign-in.
    if (answer.data) {
      bearer.drop(); // the cookie is the better place: no script can read it
      bearerNotice.clear();
    }
    sessions.show(answer);
    return outcomeOf(sessions);
  }
  const mayFallBack = reason === 'no_credential' && options.bearerToken !== 'off';
  if (!mayFallBack || !bearer.adopt()) {
    const message = cookieSentence(reason, place);
    warnOnce(message);
    return { ok: false, code: 'COOKIE_REFUSED', message };
  }
  bearerNotice.remember();
  warnOnce(bearerSentence(options));
  await sessions.recheck(signal);
  return outcomeOf(sessions);
}

function outcomeOf({ state }: SessionStore): Outcome {
  const now = state();
  const problem = problemOf(now);
  if (now.status === 'signedIn' && problem === undefined) return done;
  const notice = now.status === 'signedOut' ? now.notice : undefined;
  const message =
    problem ??
    notice ??
    translate({
      id: 'theme.auth.signIn.unknown',
      message: 'You signed in, but the service does not know this sign-in. Try again.',
      description: 'After a sign-in that the service does not know a moment later',
    });
  return { ok: false, code: 'NOT_SIGNED_IN', message };
}
