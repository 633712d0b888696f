/** Everything a page needs of the auth service, put together once per page load. */
import type { AuthOptions } from '../options.js';
import { createActions, type AuthActions } from './actions.js';
import { createApiFetch } from './api-fetch.js';
import { createApiTokens } from './api-token.js';
import { createAuthClient } from './auth-client.js';
import { createAuthFetch, type AuthFetchDependencies } from './auth-fetch.js';
import { createBearerNotice, type BearerNotice } from './bearer-notice.js';
import { createBearerStore, type TokenStorage } from './bearer-store.js';
import type { PolicyViolations } from './policy-violations.js';
import { createSessionQuery } from './session-query.js';
import type { TabChannel } from './tab-channel.js';
import { createSessionStore, type SessionStore } from './session-store.js';

export interface Auth {
  readonly sessions: SessionStore;
  readonly actions: AuthActions;
  readonly bearerNotice: BearerNotice;
  readonly apiFetch: typeof globalThis.fetch;
}

/** What the browser brings. */
export interface Browser {
  readonly fetch: typeof globalThis.fetch;
  readonly pageOrigin: string;
  /** Undefined where the browser forbids it. */
  readonly sessionStorage: TokenStorage | undefined;
  readonly warn: (message: string) => void;
  readonly tabs?: TabChannel | undefined;
  readonly violations?: PolicyViolations | undefined;
  /** Calls back when the page is looked at again. */
  readonly watchReturns?: ((onReturn: () => void) => void) | undefined;
}

export function createAuth(options: AuthOptions, browser: Browser): Auth {
  const { authUrl, bearerToken, apiOrigins, apiCredential } = options;
  const { fetch, pageOrigin, sessionStorage, warn, tabs, violations, watchReturns } = browser;
  const place = { authUrl, pageOrigin };
  const storage = bearerToken === 'session-storage' ? sessionStorage : undefined;
  const bearer = createBearerStore(`auth-service.bearer-token ${authUrl}`, storage);
  const bearerNotice = createBearerNotice(options, bearer, sessionStorage);
  const warnOnce = once(warn);
  const authFetchWith = (onSession?: AuthFetchDependencies['onSession']) =>
    createAuthFetch({
      fetch,
      place,
      bearer,
      violations,
      onUnauthorized: ({ code }) => isAboutTheSession(code) && sessions.doubt(),
      ...(onSession && { onSession }),
    });
  const sessions = createSessionStore({
    query: createSessionQuery(authFetchWith, authUrl),
    context: () => ({
      place,
      signedInNotice: bearerNotice.signedIn(),
      signedOutNotice: bearerNotice.signedOut(),
    }),
    onMisconfiguration: warnOnce,
    watch(onMayHaveChanged) {
      tabs?.listen(onMayHaveChanged);
      watchReturns?.(onMayHaveChanged);
    },
    announce: tabs?.announce,
  });
  const authFetch = authFetchWith();
  const client = createAuthClient(authUrl, authFetch);
  const settle = { sessions, bearer, bearerNotice, options, place, warnOnce };
  const actions = createActions({ ...settle, client });
  const state = sessions.state;
  const tokens =
    apiCredential === 'jwt'
      ? createApiTokens({ authFetch, authUrl, state, now: Date.now, onOtherUser: sessions.doubt })
      : undefined;
  const apiFetch = createApiFetch({
    fetch,
    bearer,
    tokens,
    place,
    onMisconfiguration: warnOnce,
    apiOrigins,
    onUnauthorized: sessions.doubt,
    violations,
  });
  return { sessions, actions, bearerNotice, apiFetch };
}

/**
 * A wrong password is answered 401 too, and says nothing of who is signed in. Of a session that was not ended the
 * sentence would be gone with the button, and the session may well count at another instance.
 */
function isAboutTheSession(code: string): boolean {
  return !['INVALID_EMAIL_OR_PASSWORD', 'INVALID_PASSWORD', 'SESSION_NOT_ENDED'].includes(code);
}

function once(warn: (message: string) => void): (message: string) => void {
  const told = new Set<string>();
  return function warnOnce(message) {
    if (told.has(message)) return;
    told.add(message);
    warn(`[docusaurus-plugin-auth-service] ${message}`);
  };
}
