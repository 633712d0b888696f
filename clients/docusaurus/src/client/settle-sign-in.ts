/** After the service said yes: makes sure that the sign-in counts in this browser, by the cookie or by the token. */
import type { AuthOptions } from '../options.js';
import type { BearerStore } from './bearer-store.js';
import type { Place } from './fault.js';
import { done, type Outcome } from './outcome.js';
import { bearerSentence, cookieSentence, probeCookie } from './probe-cookie.js';
import { problemOf } from './session-state.js';
import type { SessionStore } from './session-store.js';

export interface SettleDependencies {
  readonly sessions: SessionStore;
  readonly bearer: BearerStore;
  readonly options: AuthOptions;
  readonly fetch: typeof globalThis.fetch;
  readonly place: Place;
  readonly warnOnce: (message: string) => void;
}

export async function settleSignIn(dependencies: SettleDependencies): Promise<Outcome> {
  const { sessions, bearer, options, fetch, place, warnOnce } = dependencies;
  const probe = await probeCookie(fetch, options.authUrl);
  if (probe.outcome === 'sent') {
    bearer.drop(); // it came along, and the cookie is the better place: no script can read it
  } else if (probe.outcome !== 'unknown') {
    const mayFallBack = probe.outcome === 'refused' && options.bearerToken !== 'off';
    if (!mayFallBack || !bearer.adopt()) {
      const message = cookieSentence(probe, place);
      warnOnce(message);
      return { ok: false, code: 'COOKIE_REFUSED', message };
    }
    warnOnce(bearerSentence(options));
  }
  await sessions.recheck();
  return outcomeOf(sessions);
}

function outcomeOf({ state }: SessionStore): Outcome {
  const now = state();
  if (now.status === 'signedIn') return done;
  const notice = now.status === 'signedOut' ? now.notice : undefined;
  const message =
    problemOf(now) ??
    notice ??
    'You signed in, but the service does not know this sign-in. Try again.';
  return { ok: false, code: 'NOT_SIGNED_IN', message };
}
