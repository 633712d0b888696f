/** Notices about a sign-in by bearer token: that it lasts until the page is reloaded, and afterwards that it ended. */
import { translate } from '@docusaurus/Translate';
import type { AuthOptions } from '../options.js';
import { attempt, type BearerStore, type TokenStorage } from './bearer-store.js';

export interface BearerNotice {
  /** While signed in; undefined if the cookie carries the session. */
  signedIn(): string | undefined;
  /** While signed out; undefined unless a reload ended the sign-in. */
  signedOut(): string | undefined;
  /** A token is now in use. */
  markInUse(): void;
  /** The visitor signed out, or the cookie works now. */
  clear(): void;
}

/** @param storage records, for as long as the tab is open, that a token was in use: never the token itself */
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
            'If the browser refuses the cookie: at the bottom of the page, and on the pages of the plugin',
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
    markInUse() {
      isCleared = false;
      if (bearerToken === 'memory') attempt(() => storage?.setItem(key, 'yes'));
    },
    clear() {
      isCleared = true;
      attempt(() => storage?.removeItem(key));
    },
  };
}
