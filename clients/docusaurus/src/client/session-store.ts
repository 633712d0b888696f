/** Keeps the session's state for every component of the page, and asks again where nobody could tell. */
import type { SessionNote } from './auth-fetch.js';
import { isMisconfiguration, mayPass, type Place } from './fault.js';
import {
  loadingState,
  nextSessionState,
  problemOf,
  type SessionState,
  type StoredSession,
} from './session-state.js';

/** BetterAuth's own store: it also follows the other tabs, the window's focus and the network. */
interface SessionAtom {
  readonly value: StoredSession & { readonly refetch: () => Promise<unknown> };
  listen(listener: () => void): () => void;
}

export interface SessionStoreDependencies {
  readonly atom: SessionAtom;
  readonly place: Place;
  readonly lastNote: () => SessionNote;
  /** Called with a sentence for the operator. */
  readonly onMisconfiguration: (sentence: string) => void;
}

export interface SessionStore {
  readonly state: () => SessionState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Asks the service; `state` is up to date afterwards. */
  readonly recheck: () => Promise<void>;
  /** The visitor signed out here: no sentence needs to tell why nobody is signed in. */
  readonly forget: () => void;
}

/** How long to wait before asking an unreachable service again, where it named no time. */
const retrySeconds = 15;

export function createSessionStore(dependencies: SessionStoreDependencies): SessionStore {
  const { atom, place, lastNote, onMisconfiguration } = dependencies;
  const listeners = new Set<() => void>();
  let state: SessionState = loadingState;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let started = false;

  function show(next: SessionState) {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  }

  function follow() {
    const note = lastNote();
    const next = nextSessionState(state, atom.value, note, place);
    if (next === state) return;
    show(next);
    clearTimeout(retry);
    const { fault } = note;
    const problem = problemOf(state);
    if (problem === undefined) return;
    if (fault && isMisconfiguration(fault)) onMisconfiguration(problem);
    if (fault && !mayPass(fault)) return;
    retry = setTimeout(() => void recheck(), 1000 * (fault?.retryAfterSeconds ?? retrySeconds));
  }

  /** For as long as the page lives: the navbar needs it anyway. */
  function start() {
    if (!started) atom.listen(follow);
    started = true;
  }

  async function recheck() {
    start();
    await atom.value.refetch();
  }

  return {
    state: () => state,
    subscribe(listener) {
      start();
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    recheck,
    forget: () => show({ status: 'signedOut' }),
  };
}
