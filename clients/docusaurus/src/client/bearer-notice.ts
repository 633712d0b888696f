/** Says on the page that a sign-in by bearer token lasts until the reload, and after the reload that it has ended. */
import { translate } from '@docusaurus/Translate';
import type { AuthOptions } from '../options.js';
import type { BearerStore, TokenStorage } from './bearer-store.js';

export interface BearerNotice {
  /** Of a sign-in; undefined where the cookie carries it. */
  signedIn(): string | undefined;
  /** Of a page that was reloaded, where that ended the sign-in. */
  signedOut(): string | undefined;
  /** A token was taken into use. */
  remember(): void;
  /** The visitor signed out, or the cookie works now. */
  clear(): void;
}

/** @param storage remembers, for as long as the tab is open, that a token was in use: never the token */
export function createBearerNotice(
  { authUrl, bearerToken }: Pick<AuthOptions, 'authUrl' | 'bearerToken'>,
  bearer: BearerStore,
  storage: TokenStorage | undefined,
): BearerNotice {
  const key = `auth-service.bearer-in-memory ${authUrl}`;
  const { host } = new URL(authUrl);
  const wasInUse = attempt(() => storage?.getItem(key)) === 'yes';
  let isCleared = false;
  return {
    signedIn() {
      if (bearer.token() === undefined || bearerToken !== 'memory') return undefined;
      return translate(
        {
          id: 'theme.auth.bearer.untilReload',
          message:
            'This browser does not keep the sign-in cookie of {host}: you are signed in until this page is reloaded or closed.',
          description:
            'Where the browser refuses the cookie: at the lower edge of the page, and on the pages of the plugin',
        },
        { host },
      );
    },
    signedOut() {
      if (!wasInUse || isCleared) return undefined;
      return translate(
        {
          id: 'theme.auth.bearer.endedByReload',
          message:
            'Reloading the page ended your sign-in, because this browser does not keep the cookie of {host}. Sign in again.',
          description: 'After a reload that ended such a sign-in',
        },
        { host },
      );
    },
    remember() {
      isCleared = false;
      if (bearerToken === 'memory') attempt(() => storage?.setItem(key, 'yes'));
    },
    clear() {
      isCleared = true;
      attempt(() => storage?.removeItem(key));
    },
  };
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined; // storage is forbidden: the sentence before the reload has to do
  }
}
