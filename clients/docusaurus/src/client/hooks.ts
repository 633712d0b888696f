/** What components use: the session, the actions, the paths and a fetch for the site's API. */
import { useSyncExternalStore } from 'react';
import { usePluginData } from '@docusaurus/useGlobalData';
import type { AuthOptions } from '../options.js';
import type { AuthActions } from './actions.js';
import { createAuth, type Auth } from './create-auth.js';
import { watchReturns } from './page-return.js';
import { watchPolicyViolations } from './policy-violations.js';
import { loadingState, type SessionState } from './session-state.js';
import { createTabChannel } from './tab-channel.js';

/** One for the page: the plugin's options do not change while it is open. */
let auth: Auth | undefined;

/** Made when it is first used. While the site is built it asks for nothing. */
function getAuth(options: AuthOptions): Auth {
  return (auth ??= createAuth(options, {
    fetch: (input, init) => globalThis.fetch(input, init),
    pageOrigin: typeof location === 'undefined' ? '' : location.origin,
    sessionStorage: allowedSessionStorage(),
    // eslint-disable-next-line no-console -- the one place that writes there
    warn: (message) => console.warn(message),
    ...(typeof window === 'undefined' ? {} : pageEvents(options)),
  }));
}

/** What the page hears of: other tabs, its own return to the front, and what its policy blocks. */
function pageEvents({ authUrl }: AuthOptions) {
  return {
    tabs: createTabChannel(window, `auth-service.session ${authUrl}`),
    violations: watchPolicyViolations(document),
    watchReturns: (onReturn: () => void) =>
      watchReturns({ document, window, now: Date.now }, onReturn),
  };
}

/** Reading the property throws where the visitor blocks all storage. */
function allowedSessionStorage(): Storage | undefined {
  try {
    return typeof window === 'undefined' ? undefined : window.sessionStorage;
  } catch {
    return undefined;
  }
}

/** The plugin's options; paths begin with the site's `baseUrl`. */
export function useAuthOptions(): AuthOptions {
  return usePluginData('docusaurus-plugin-auth-service') as AuthOptions;
}

/** Who is signed in. `loading` while the site is built and until the service answered. */
export function useSession(): SessionState {
  const { sessions } = getAuth(useAuthOptions());
  return useSyncExternalStore(sessions.subscribe, sessions.state, () => loadingState);
}

/** That a sign-in by bearer token ends with a reload, or has ended with one. */
export function useBearerNotice(): string | undefined {
  const { bearerNotice } = getAuth(useAuthOptions());
  const { status } = useSession();
  if (status === 'signedIn') return bearerNotice.signedIn();
  return status === 'signedOut' ? bearerNotice.signedOut() : undefined;
}

/** Sign in, sign out and the rest, for event handlers and effects. */
export function useAuth(): AuthActions {
  return getAuth(useAuthOptions()).actions;
}

/** `fetch` that carries the sign-in to the origins of `apiOrigins`; for event handlers and effects. */
export function useAuthFetch(): typeof globalThis.fetch {
  return getAuth(useAuthOptions()).apiFetch;
}
