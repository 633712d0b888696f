/**
 * The one-time token of a mailed link, or the result of a visit to a provider, which arrives in the fragment. A client
 * module, so that it runs before any page is rendered: the token leaves the address before the history, a copied address or
 * an analytics script can keep it.
 */

import type { ChangePurpose } from './change-purpose.js';

export interface MailedLink {
  readonly purpose:
    'verify_email' | 'reset_password' | 'magic_link' | 'confirm_provider' | ChangePurpose;
  readonly token: string;
}

/** How a visit to a provider ended. Anyone can publish a link with such a fragment, so it proves nothing. */
export interface RedirectResult {
  readonly purpose: 'auth_code' | 'auth_error';
  /** The code to redeem, or the reason of the error. */
  readonly token: string;
  /** Of the service's log line about the error. */
  readonly requestId?: string | undefined;
}

/** The part of `window` that is used. */
export interface LinkWindow {
  readonly location: Pick<Location, 'hash' | 'pathname' | 'search'>;
  readonly history: Pick<History, 'replaceState' | 'state'>;
  addEventListener(type: 'popstate' | 'hashchange', listener: () => void): void;
  /** Set by `takeLinkScript` in the head of the page. */
  authServiceLink?: string | undefined;
}

export interface MailedLinks {
  /** Undefined if the page was opened without a link, or its link was redeemed. */
  readonly current: () => MailedLink | RedirectResult | undefined;
  readonly subscribe: (listener: () => void) => () => void;
  /** The link was redeemed or can never be: it is not sent again. */
  readonly clear: () => void;
}

const pattern =
  /^#(?:(verify_email|reset_password|magic_link|confirm_provider|change_email|undo_change|not_me|delete_account)=([A-Za-z0-9_-]{16,256})|(auth_code|auth_error)=([\w-]{1,512})(?:&.*)?)$/;

/**
 * Runs while the HTML of the confirmation page is parsed. Where a Content-Security-Policy blocks it, `createMailedLinks`
 * does the same a moment later.
 */
export const takeLinkScript = `(function(){var h=location.hash;if(${String(pattern)}.test(h)){history.replaceState(history.state,'',location.pathname+location.search);window.authServiceLink=h}})()`;

export function createMailedLinks(window: LinkWindow | undefined): MailedLinks {
  const listeners = new Set<() => void>();
  let current: MailedLink | RedirectResult | undefined;

  function set(link: MailedLink | RedirectResult | undefined): void {
    current = link;
    for (const listener of listeners) listener();
  }

  function take({ location, history }: LinkWindow): void {
    const fragment = window?.authServiceLink ?? location.hash;
    const link = readFragment(fragment);
    if (link === undefined) return;
    if (window?.authServiceLink !== undefined) window.authServiceLink = undefined;
    else history.replaceState(history.state, '', location.pathname + location.search);
    set(link);
  }

  if (window !== undefined) {
    take(window);
    // A second link, opened in the tab of the first, loads no page. The router listens to `popstate` later than this, so
    // it never sees the token.
    for (const type of ['popstate', 'hashchange'] as const) {
      window.addEventListener(type, () => take(window));
    }
  }

  return {
    current: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear: () => set(undefined),
  };
}

function readFragment(fragment: string): MailedLink | RedirectResult | undefined {
  const [, purpose, token, result, codeOrReason] = pattern.exec(fragment) ?? [];
  if (token !== undefined) return { purpose: purpose as MailedLink['purpose'], token };
  if (codeOrReason === undefined) return undefined;
  const requestId = new URLSearchParams(fragment.slice(1)).get('request_id') ?? undefined;
  return { purpose: result as RedirectResult['purpose'], token: codeOrReason, requestId };
}

export const mailedLinks = createMailedLinks(typeof window === 'undefined' ? undefined : window);
