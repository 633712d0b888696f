/** Everything a page needs of the auth service, put together once per page load. */
import { createAuthClient } from 'better-auth/react';
import type { AuthOptions } from '../options.js';
import { createActions, type AuthActions } from './actions.js';
import { createApiFetch } from './api-fetch.js';
import { createApiTokens } from './api-token.js';
import { createAuthFetch, type SessionNote } from './auth-fetch.js';
import { createBearerStore, type TokenStorage } from './bearer-store.js';
import { createSessionStore, type SessionStore } from './session-store.js';

export interface Auth {
  readonly sessions: SessionStore;
  readonly actions: AuthActions;
  readonly apiFetch: typeof globalThis.fetch;
}

/** What the browser brings. */
export interface Browser {
  readonly fetch: typeof globalThis.fetch;
  readonly pageOrigin: string;
  /** Undefined where the browser forbids it. */
  readonly sessionStorage: TokenStorage | undefined;
  readonly warn: (message: string) => void;
}

export function createAuth(options: AuthOptions, browser: Browser): Auth {
  const { authUrl, bearerToken, apiOrigins, apiCredential } = options;
  const { fetch, pageOrigin, warn } = browser;
  const place = { authUrl, pageOrigin };
  const storage = bearerToken === 'session-storage' ? browser.sessionStorage : undefined;
  const bearer = createBearerStore(`auth-service.bearer-token ${authUrl}`, storage);
  const warnOnce = once(warn);
  let note: SessionNote = {};
  const authFetch = createAuthFetch({ fetch, place, bearer, onSession: (next) => (note = next) });
  const client = createAuthClient({
    baseURL: authUrl,
    fetchOptions: { customFetchImpl: authFetch },
  });
  const sessions = createSessionStore({
    atom: client.$store.atoms.session as never,
    place,
    lastNote: () => note,
    onMisconfiguration: warnOnce,
  });
  const actions = createActions({ client, sessions, bearer, options, fetch, place, warnOnce });
  const tokens =
    apiCredential === 'jwt'
      ? createApiTokens({ authFetch, authUrl, state: sessions.state, now: Date.now })
      : undefined;
  const onMisconfiguration = warnOnce;
  const apiFetch = createApiFetch({
    fetch,
    bearer,
    tokens,
    place,
    onMisconfiguration,
    apiOrigins,
  });
  return { sessions, actions, apiFetch };
}

/** The client of BetterAuth, by what is called on it. */
export type AuthClient = ReturnType<typeof createAuthClient<{ baseURL: string }>>;

function once(warn: (message: string) => void): (message: string) => void {
  const told = new Set<string>();
  return function warnOnce(message) {
    if (told.has(message)) return;
    told.add(message);
    warn(`[docusaurus-plugin-auth-service] ${message}`);
  };
}
