/** Composition root of the browser side: everything that a page needs of the auth service, once per page load. */
import type { AuthOptions } from '../options.js';
import { createActions, type ActionDependencies, type AuthActions } from './actions.js';
import { createApiFetch } from './api-fetch.js';
import { createApiTokens } from './api-token.js';
import { createAuthClient } from './auth-client.js';
import { createAuthFetch, type AuthFetchDependencies } from './auth-fetch.js';
import { createBearerNotice, type BearerNotice } from './bearer-notice.js';
import { createBearerStore, type TokenStorage } from './bearer-store.js';
import { withCaptcha } from './captcha/with-captcha.js';
import { createLastProvider } from './last-provider.js';
import { createPasswordAdvice, type PasswordAdvice } from './password-advice.js';
import type { PolicyViolations } from './policy-violations.js';
import { createSessionQuery } from './session-query.js';
import { createFeatureStore, type FeatureStore } from './service-features.js';
import { createSignUpVerifier } from './sign-up-verifier.js';
import type { TabChannel } from './tab-channel.js';
import { createSessionStore, type SessionStore } from './session-store.js';
import { createStepUpGate, type StepUpGate } from './step-up/step-up-gate.js';

export interface Auth {
  readonly sessions: SessionStore;
  readonly actions: AuthActions;
  readonly bearerNotice: BearerNotice;
  readonly apiFetch: typeof globalThis.fetch;
  readonly features: FeatureStore;
  readonly passwordAdvice: PasswordAdvice;
  readonly stepUp: StepUpGate;
  /** For actions that are loaded with the pages that need them. */
  readonly dependencies: ActionDependencies & Pick<Browser, 'sessionStorage' | 'localStorage'>;
}

/** The browser features that are used, as arguments so that tests can replace them. */
export interface Browser {
  readonly fetch: typeof globalThis.fetch;
  readonly pageOrigin: string;
  /** Undefined if the browser forbids storage. */
  readonly sessionStorage: TokenStorage | undefined;
  readonly localStorage?: TokenStorage | undefined;
  readonly warn: (message: string) => void;
  readonly tabs?: TabChannel | undefined;
  readonly violations?: PolicyViolations | undefined;
  /** Calls back when the page becomes active again. */
  readonly watchPageActivation?: ((onActivation: () => void) => void) | undefined;
}

export function createAuth(options: AuthOptions, browser: Browser): Auth {
  const { authUrl, bearerToken, apiOrigins, apiCredential } = options;
  const { fetch, pageOrigin, sessionStorage, warn, tabs, violations, watchPageActivation } =
    browser;
  const callContext = { authUrl, pageOrigin };
  const storage = bearerToken === 'session-storage' ? sessionStorage : undefined;
  const bearer = createBearerStore(`auth-service.bearer-token ${authUrl}`, storage);
  const bearerNotice = createBearerNotice(options, bearer, sessionStorage);
  const warnOnce = once(warn);
  const authFetchWith = (onSession?: AuthFetchDependencies['onSession']) =>
    createAuthFetch({
      fetch,
      callContext,
      bearer,
      violations,
      onUnauthorized: ({ code }) => concernsSession(code) && sessions.recheckIfSignedIn(),
      ...(onSession && { onSession }),
    });
  const sessions = createSessionStore({
    query: createSessionQuery(authFetchWith, authUrl),
    context: () => ({
      callContext,
      signedInNotice: bearerNotice.signedIn(),
      signedOutNotice: bearerNotice.signedOut(),
    }),
    onMisconfiguration: warnOnce,
    watch(onSessionChange) {
      tabs?.listen(onSessionChange);
      watchPageActivation?.(onSessionChange);
    },
    announce: tabs?.announce,
  });
  const authFetch = authFetchWith();
  const client = createAuthClient(authUrl, withCaptcha(authFetch));
  const lastProvider = createLastProvider(
    `auth-service.last-provider ${authUrl}`,
    browser.localStorage,
  );
  const passwordAdvice = createPasswordAdvice();
  const stepUp = createStepUpGate();
  const signInDependencies = {
    sessions,
    bearer,
    bearerNotice,
    lastProvider,
    passwordAdvice,
    options,
    callContext,
    warnOnce,
  };
  const features = createFeatureStore(fetch, authUrl);
  const verifier = createSignUpVerifier(`auth-service.sign-up-verifier ${authUrl}`, {
    storage: browser.localStorage,
    crypto: globalThis.crypto,
  });
  const dependencies = {
    ...signInDependencies,
    client,
    features,
    verifier,
    stepUp,
    renewApiTokens: () => tokens?.renew(),
    sessionStorage,
    localStorage: browser.localStorage,
  };
  const actions = createActions(dependencies);
  const state = sessions.state;
  const tokens =
    apiCredential === 'jwt'
      ? createApiTokens({
          authFetch,
          authUrl,
          state,
          now: Date.now,
          onUserMismatch: sessions.recheckIfSignedIn,
        })
      : undefined;
  const apiFetch = createApiFetch({
    fetch,
    bearer,
    tokens,
    callContext,
    onMisconfiguration: warnOnce,
    apiOrigins,
    onUnauthorized: sessions.recheckIfSignedIn,
    violations,
    stepUp,
  });
  return {
    sessions,
    actions,
    bearerNotice,
    apiFetch,
    features,
    passwordAdvice,
    stepUp,
    dependencies,
  };
}

const proofCodes =
  /^(INVALID_(EMAIL_OR_)?PASSWORD$|SESSION_NOT_|TOTP_|BACKUP_CODE_|PASSKEY_|CHALLENGE_)/;

/**
 * A wrong password, code or passkey is answered 401 as well, and says nothing about the session. After SESSION_NOT_ENDED the
 * session may still be valid on another instance, and a recheck would remove the message together with the button.
 */
function concernsSession(code: string): boolean {
  return !proofCodes.test(code);
}

function once(warn: (message: string) => void): (message: string) => void {
  const seen = new Set<string>();
  return function warnOnce(message) {
    if (seen.has(message)) return;
    seen.add(message);
    warn(`[docusaurus-plugin-auth-service] ${message}`);
  };
}
