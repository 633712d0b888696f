/** Refusals of the code with which the page finishes a sign-in. */
import { translate } from '@docusaurus/Translate';
import type { Explain } from './explanation.js';

export const redeemExplanations = {
  code_unknown: () => ({
    message: translate({
      id: 'theme.auth.redirect.codeUnknown',
      message: 'This sign-in is not valid, so it was not used.',
      description: 'If the code in the address is unknown to the service',
    }),
    steps: ['retry', 'password'],
  }),
  code_expired: () => ({
    message: translate({
      id: 'theme.auth.redirect.codeExpired',
      message: 'The sign-in was not finished in time.',
      description: 'If the code in the address is too old',
    }),
    steps: ['retry', 'password'],
  }),
  code_used: () => ({
    message: translate({
      id: 'theme.auth.redirect.codeUsed',
      message: 'This sign-in was already used, and it can be used only once.',
      description: 'If the code in the address was used before',
    }),
    steps: ['retry', 'password'],
  }),
  verifier_missing: () => ({
    message: translate({
      id: 'theme.auth.redirect.verifierMissing',
      message:
        'This tab did not start the sign-in, so it was not used. Sign in in the tab in which you started, or start again here.',
      description: 'If the sign-in returned to another tab or browser, or the storage was cleared',
    }),
    steps: ['retry', 'password'],
  }),
  verifier_wrong: () => ({
    message: translate({
      id: 'theme.auth.redirect.verifierWrong',
      message: 'This tab started another sign-in than the one that arrived, so it was not used.',
      description:
        'If the code in the address belongs to another start, for example of a link from a stranger',
    }),
    steps: ['retry', 'password'],
  }),
  origin_differs: () => ({
    message: translate({
      id: 'theme.auth.redirect.originDiffers',
      message: 'The sign-in was started on another address of this site.',
      description: 'If the site has several addresses and the sign-in returned to another one',
    }),
    steps: ['retry', 'password'],
  }),
  cookie_refused: () => ({
    message: translate({
      id: 'theme.auth.redirect.cookieRefused',
      message:
        'You signed in, but this browser does not send the cookie of the sign-in service back. Allow third-party cookies for it, or use another browser.',
      description: 'If the browser refuses the cookie of the session',
    }),
    steps: ['retry'],
  }),
  limit_network: () => ({
    message: translate({
      id: 'theme.auth.redirect.limitNetwork',
      message: 'There were too many sign-ins from your network. Try again in a moment.',
      description: 'If a limit of the service was reached',
    }),
    steps: ['retry'],
  }),
  service_unavailable: () => ({
    message: translate({
      id: 'theme.auth.redirect.serviceUnavailable',
      message: 'The sign-in service cannot finish the sign-in right now. Try again in a minute.',
      description: 'If the database of the service is unavailable',
    }),
    steps: ['retry'],
  }),
  internal_error: () => ({
    message: translate({
      id: 'theme.auth.redirect.internalError',
      message: 'The sign-in failed because of a fault of the sign-in service.',
      description: 'If the service has an unexpected fault',
    }),
    steps: ['retry', 'password'],
  }),
} satisfies Record<string, Explain>;
