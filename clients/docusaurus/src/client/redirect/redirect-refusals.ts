/** What this page refuses before it leaves for a provider, and sentences in place of the service's general ones. */
import { translate } from '@docusaurus/Translate';
import type { Refusal } from '../outcome.js';

export const noStorage = (): Refusal => ({
  ok: false,
  code: 'STORAGE_REFUSED',
  message: translate({
    id: 'theme.auth.redirect.noStorage',
    message:
      'This browser does not let this site store anything, so a sign-in that leaves the site could not be finished. Allow cookies and site data for this site, or sign in with your password.',
    description: 'If the browser blocks storage, before a visit to a provider',
  }),
});

export const noSecureContext = (): Refusal => ({
  ok: false,
  code: 'CONTEXT_INSECURE',
  message: translate({
    id: 'theme.auth.redirect.noSecureContext',
    message:
      'This way to sign in needs https, and this page was opened without it. Open the site with https, or sign in with your password.',
    description: 'If the page has no secure context, before a visit to a provider',
  }),
});

export const linkEndsSignIn = (): Refusal => ({
  ok: false,
  code: 'LINK_ENDS_SIGN_IN',
  message: translate({
    id: 'theme.auth.redirect.linkEndsSignIn',
    message:
      'This browser does not keep the sign-in cookie, so leaving the page would sign you out before the account is linked. Allow third-party cookies for the sign-in service, or link it in another browser.',
    description: 'If the session is in the memory of the page, before a visit to a provider',
  }),
});

export const signedOut = (): Refusal => ({
  ok: false,
  code: 'NOT_SIGNED_IN',
  message: translate({
    id: 'theme.auth.fault.notSignedIn',
    message: 'You are no longer signed in. Sign in again.',
    description: 'If an action needs a session and it has ended',
  }),
});

export const askedElsewhere = () =>
  translate({
    id: 'theme.auth.redirect.askedElsewhere',
    message:
      'You started this sign-in in another browser. Open the link there, or sign in again here.',
    description: 'If the link that confirms a sign-in with a provider is opened in another browser',
  });

export const lastWayIn = () =>
  translate({
    id: 'theme.auth.providers.lastWayIn',
    message:
      'This is your only way to sign in. Set a password or link another provider first, then unlink it.',
    description: 'If the last way to sign in is to be unlinked',
  });
