/** Keeps the session state for every component of the page, and asks the service again when it may have changed. */
import { isMisconfiguration, isRetryable, type AuthFailure } from './auth-failure.js';
import type { SessionQuery, SessionResult } from './session-query.js';
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
  /** Called with a message for the operator. */
  readonly onMisconfiguration: (message: string) => void;
  /** Subscribes to events after which the session may have changed: in another tab, or while the page was hidden. */
  readonly watch?: (onSessionChange: () => void) => void;
  /** Notifies the other tabs of a sign-in or sign-out here. */
  readonly announce?: (() => void) | undefined;
}

export interface SessionStore {
  readonly state: () => SessionState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Asks the service; resolves once `state` is up to date. */
  readonly recheck: (signal?: AbortSignal) => Promise<void>;
  /**
   * Resolves when no check is under way. A sign-in on a page that is just loading waits for it: otherwise the answer to a
   * check with the replaced cookie could arrive last, and delete the new one.
   */
  readonly idle: () => Promise<void>;
  /** Asks without changing `state`: right after a sign-in the result may say that the cookie was not sent. */
  readonly query: SessionQuery;
  /** Takes over the result after a sign-in. Responses to earlier requests are ignored from then on. */
  readonly applySignIn: (result: SessionResult) => void;
  /** The visitor signed out here, so no notice explains why. */
  readonly markSignedOut: () => void;
  /** The service or an API answered 401: asks the service, unless the page shows the user as signed out. */
  readonly recheckIfSignedIn: () => void;
}

/** How long to wait before asking an unreachable service again if it named no time. */
const retrySeconds = 15;

export function createSessionStore(dependencies: SessionStoreDependencies): SessionStore {
  const { query, context, onMisconfiguration, watch, announce } = dependencies;
  const listeners = new Set<() => void>();
  let state: SessionState = loadingState;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let firstCheckTimer: ReturnType<typeof setTimeout> | undefined;
  let isStarted = false;
  const checks = new Set<Promise<SessionResult>>();
  let isRechecking = false;
  /** Requests are numbered: a response that arrives after the one to a later request is dropped. */
  let lastRequest = 0;
  let lastApplied = 0;

  function set(next: SessionState) {
    // An equal state is not published: components would render for nothing.
    if (JSON.stringify(next) === JSON.stringify(state)) return;
    state = next;
    for (const listener of listeners) listener();
  }

  function applyResult(result: SessionResult) {
    clearTimeout(retryTimer);
    set(nextSessionState(state, result, context()));
    const problem = problemOf(state);
    if (problem !== undefined) retryLater(problem, result.failure);
  }

  function retryLater(problem: string, failure: AuthFailure | undefined) {
    if (failure && isMisconfiguration(failure)) onMisconfiguration(problem);
    if (failure && !isRetryable(failure)) return;
    const seconds = Math.max(1, failure?.retryAfterSeconds ?? retrySeconds);
    retryTimer = setTimeout(() => void recheck(), 1000 * seconds);
  }

  /** For the lifetime of the page: the navbar needs it anyway. */
  function start() {
    if (isStarted) return;
    isStarted = true;
    firstCheckTimer = setTimeout(() => void recheck());
    watch?.(() => void recheck());
  }

  async function recheck(signal?: AbortSignal): Promise<void> {
    start();
    clearTimeout(firstCheckTimer);
    firstCheckTimer = undefined;
    const number = (lastRequest += 1);
    const check = query(signal);
    checks.add(check);
    const result = await check.finally(() => checks.delete(check));
    if (number <= lastApplied) return;
    lastApplied = number;
    applyResult(result);
  }

  return {
    state: () => state,
    subscribe(listener) {
      start();
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    recheck,
    async idle() {
      if (firstCheckTimer !== undefined) await recheck();
      await Promise.allSettled(checks);
    },
    query,
    applySignIn(result) {
      lastApplied = lastRequest;
      clearTimeout(firstCheckTimer);
      firstCheckTimer = undefined;
      applyResult(result);
      announce?.();
    },
    markSignedOut() {
      lastApplied = lastRequest;
      clearTimeout(firstCheckTimer);
      firstCheckTimer = undefined;
      clearTimeout(retryTimer);
      set({ status: 'signedOut' });
      announce?.();
    },
    recheckIfSignedIn() {
      if (state.status !== 'signedIn' || isRechecking) return;
      isRechecking = true;
      void recheck().finally(() => (isRechecking = false));
    },
  };
}
