/** Keeps the session's state for every component of the page, and asks again where it may have changed. */
import type { Fault } from './fault.js';
import { isMisconfiguration, mayPass } from './fault.js';
import type { SessionAnswer, SessionQuery } from './session-query.js';
import {
  loadingState,
  nextSessionState,
  problemOf,
  type SessionState,
  type StateContext,
} from './session-state.js';

export interface SessionStoreDependencies {
  readonly query: SessionQuery;
  readonly context: () => StateContext;
  /** Called with a sentence for the operator. */
  readonly onMisconfiguration: (sentence: string) => void;
  /** Calls back whenever the session may have changed elsewhere: in another tab, or while the page was away. */
  readonly watch?: (onMayHaveChanged: () => void) => void;
  /** Tells the other tabs that somebody signed in or out here. */
  readonly announce?: (() => void) | undefined;
}

export interface SessionStore {
  readonly state: () => SessionState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Asks the service; `state` is up to date afterwards. */
  readonly recheck: (signal?: AbortSignal) => Promise<void>;
  /** Asks without showing the answer: right after a sign-in it may say that the cookie did not come. */
  readonly query: SessionQuery;
  /** Shows the answer after a sign-in here. From then on, no answer to an earlier question counts. */
  readonly show: (answer: SessionAnswer) => void;
  /** The visitor signed out here: no sentence needs to tell why nobody is signed in. */
  readonly forget: () => void;
  /** The service or an API did not know the visitor: asks, unless nobody is signed in here anyway. */
  readonly doubt: () => void;
}

/** How long to wait before asking an unreachable service again, where it named no time. */
const retrySeconds = 15;

export function createSessionStore(dependencies: SessionStoreDependencies): SessionStore {
  const { query, context, onMisconfiguration, watch, announce } = dependencies;
  const listeners = new Set<() => void>();
  let state: SessionState = loadingState;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let opening: ReturnType<typeof setTimeout> | undefined;
  let isStarted = false;
  let isInDoubt = false;
  /** Questions are numbered: an answer that comes after the one to a later question is dropped. */
  let lastAsked = 0;
  let lastShown = 0;

  function set(next: SessionState) {
    // The same answer again is no news: what depends on the state would run for nothing.
    if (JSON.stringify(next) === JSON.stringify(state)) return;
    state = next;
    for (const listener of listeners) listener();
  }

  function showAnswer(answer: SessionAnswer) {
    clearTimeout(retry);
    set(nextSessionState(state, answer, context()));
    const problem = problemOf(state);
    if (problem !== undefined) retryLater(problem, answer.fault);
  }

  function retryLater(problem: string, fault: Fault | undefined) {
    if (fault && isMisconfiguration(fault)) onMisconfiguration(problem);
    if (fault && !mayPass(fault)) return;
    const seconds = Math.max(1, fault?.retryAfterSeconds ?? retrySeconds);
    retry = setTimeout(() => void recheck(), 1000 * seconds);
  }

  /** For as long as the page lives: the navbar needs it anyway. */
  function start() {
    if (isStarted) return;
    isStarted = true;
    opening = setTimeout(() => void recheck());
    watch?.(() => void recheck());
  }

  async function recheck(signal?: AbortSignal): Promise<void> {
    start();
    clearTimeout(opening);
    const number = (lastAsked += 1);
    const answer = await query(signal);
    if (number <= lastShown) return;
    lastShown = number;
    showAnswer(answer);
  }

  return {
    state: () => state,
    subscribe(listener) {
      start();
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    recheck,
    query,
    show(answer) {
      lastShown = lastAsked;
      clearTimeout(opening);
      showAnswer(answer);
      announce?.();
    },
    forget() {
      lastShown = lastAsked;
      clearTimeout(opening);
      clearTimeout(retry);
      set({ status: 'signedOut' });
      announce?.();
    },
    doubt() {
      if (state.status !== 'signedIn' || isInDoubt) return;
      isInDoubt = true;
      void recheck().finally(() => (isInDoubt = false));
    },
  };
}
