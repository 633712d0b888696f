/** The hooks for components: session, actions, options and a `fetch` for the site's APIs. */
import { useSyncExternalStore } from 'react';
import { usePluginData } from '@docusaurus/useGlobalData';
import type { AuthOptions } from '../options.js';
import type { AuthActions } from './actions.js';
import { createAuth, type Auth } from './create-auth.js';
import { mailedLinks, type MailedLink, type RedirectResult } from './mailed-link.js';
import { watchPageActivation } from './page-activation.js';
import { watchPolicyViolations } from './policy-violations.js';
import { loadingState, type SessionState } from './session-state.js';
import type { ServiceFeatures } from './service-features.js';
import { createTabChannel } from './tab-channel.js';

/** One per page load: the plugin's options are fixed at build time. */
let auth: Auth | undefined;

/** Created on first use. It sends no request while the site is built. */
export function getAuth(options: AuthOptions): Auth {
  return (auth ??= createAuth(options, {
    fetch: (input, init) => globalThis.fetch(input, init),
    pageOrigin: typeof location === 'undefined' ? '' : location.origin,
    sessionStorage: allowedStorage('sessionStorage'),
    localStorage: allowedStorage('localStorage'),
    // eslint-disable-next-line no-console -- the one place that writes there
    warn: (message) => console.warn(message),
    ...(typeof window === 'undefined' ? {} : pageEvents(options)),
  }));
}

/** Events of other tabs, of the page itself, and of its Content-Security-Policy. */
function pageEvents({ authUrl }: AuthOptions) {
  return {
    tabs: createTabChannel(window, `auth-service.session ${authUrl}`),
    violations: watchPolicyViolations(document),
    watchPageActivation: (onActivation: () => void) =>
      watchPageActivation({ document, window, now: Date.now }, onActivation),
  };
}

/** Reading the property throws if the visitor blocks all storage. */
function allowedStorage(name: 'sessionStorage' | 'localStorage'): Storage | undefined {
  try {
    return typeof window === 'undefined' ? undefined : window[name];
  } catch {
    return undefined;
  }
}

/** The plugin's options; paths begin with the site's `baseUrl`. */
export function useAuthOptions(): AuthOptions {
  return usePluginData('docusaurus-plugin-auth-service') as AuthOptions;
}

/** Who is signed in. `loading` while the site is built and until the service answers. */
export function useSession(): SessionState {
  const { sessions } = getAuth(useAuthOptions());
  return useSyncExternalStore(sessions.subscribe, sessions.state, () => loadingState);
}

/** A notice that a reload ends, or has ended, a sign-in by bearer token. */
export function useBearerNotice(): string | undefined {
  const { bearerNotice } = getAuth(useAuthOptions());
  const { status } = useSession();
  if (status === 'signedIn') return bearerNotice.signedIn();
  return status === 'signedOut' ? bearerNotice.signedOut() : undefined;
}

/** Whether to advise a new password: the service knows it from a data breach. */
export function usePasswordAdvice(): boolean {
  const { passwordAdvice } = getAuth(useAuthOptions());
  const state = useSession();
  const isSet = useSyncExternalStore(passwordAdvice.subscribe, passwordAdvice.isSet, () => false);
  return isSet && state.status === 'signedIn' && passwordAdvice.isFor(state.user.id);
}

/** What the service offers; undefined while the site is built and until the service answers. */
export function useServiceFeatures(): ServiceFeatures | undefined {
  const { features } = getAuth(useAuthOptions());
  return useSyncExternalStore(features.subscribe, features.current, () => undefined);
}

/** The mailed link, or the result of a visit to a provider, that opened this page; undefined while the site is built. */
export function useMailedLink(): MailedLink | RedirectResult | undefined {
  return useSyncExternalStore(mailedLinks.subscribe, mailedLinks.current, () => undefined);
}

/** Sign-in, sign-out and the other actions, for event handlers and effects. */
export function useAuth(): AuthActions {
  return getAuth(useAuthOptions()).actions;
}

/** `fetch` that sends the credentials to the origins of `apiOrigins`; for event handlers and effects. */
export function useAuthFetch(): typeof globalThis.fetch {
  return getAuth(useAuthOptions()).apiFetch;
}
