/** Refusals of the start of a visit to a provider, and of its return to this service. */
import { translate } from '@docusaurus/Translate';
import type { Explain } from './explanation.js';

export const startExplanations = {
  provider_unknown: () => ({
    message: translate({
      id: 'theme.auth.redirect.providerUnknown',
      message: 'This site offers a way to sign in that the sign-in service does not know.',
      description: 'If the service does not know the provider of a button',
    }),
    steps: ['password'],
  }),
  provider_not_configured: (provider) => ({
    message: translate(
      {
        id: 'theme.auth.redirect.providerNotConfigured',
        message: '{provider} is not available for signing in at the moment.',
        description: 'If the service has no configuration for the provider',
      },
      { provider },
    ),
    steps: ['password'],
  }),
  not_a_visit: () => ({
    message: translate({
      id: 'theme.auth.redirect.notAVisit',
      message: 'A sign-in cannot start inside a frame. Open this page in a tab of its own.',
      description: 'If the site is shown in a frame of another page',
    }),
    steps: ['retry'],
  }),
  return_page_not_allowed: () => ({
    message: translate({
      id: 'theme.auth.redirect.returnPageNotAllowed',
      message:
        'The sign-in service does not accept this page, so the sign-in cannot end here. (For the operator: list it in SITE_PAGES.)',
      description: 'The name in capitals is a setting',
    }),
    steps: ['password'],
  }),
  challenge_invalid: () => ({
    message: translate({
      id: 'theme.auth.redirect.challengeInvalid',
      message: 'The sign-in was not started correctly.',
      description: 'If the start of a sign-in lacks its proof',
    }),
    steps: ['retry', 'password'],
  }),
  ticket_invalid: (provider) => ({
    message: translate(
      {
        id: 'theme.auth.redirect.ticketInvalid',
        message: 'The request to link {provider} has expired.',
        description: 'If linking a provider took too long to start',
      },
      { provider },
    ),
    steps: ['retry', 'account'],
  }),
  state_unknown: () => ({
    message: translate({
      id: 'theme.auth.redirect.stateUnknown',
      message: 'This sign-in is not known to the service.',
      description: 'If the response of the provider belongs to no sign-in of this service',
    }),
    steps: ['retry', 'password'],
  }),
  state_cookie_missing: () => ({
    message: translate({
      id: 'theme.auth.redirect.stateCookieMissing',
      message:
        'This browser did not keep the cookie of the sign-in. Allow cookies, or open this site in a browser instead of the window of an app.',
      description: 'If the cookie that a visit to the provider needs is missing',
    }),
    steps: ['retry', 'password'],
  }),
  state_expired: () => ({
    message: translate({
      id: 'theme.auth.redirect.stateExpired',
      message: 'The sign-in took longer than ten minutes, so it was cancelled.',
      description: 'If the visitor came back from the provider too late',
    }),
    steps: ['retry', 'password'],
  }),
  state_used: () => ({
    message: translate({
      id: 'theme.auth.redirect.stateUsed',
      message: 'This sign-in was already used, and it can be used only once.',
      description: 'If the response of the provider arrives a second time',
    }),
    steps: ['retry', 'password'],
  }),
  state_of_other_provider: (provider) => ({
    message: translate(
      {
        id: 'theme.auth.redirect.stateOfOtherProvider',
        message: 'The response came from another provider than {provider}.',
        description: 'If providers are mixed up',
      },
      { provider },
    ),
    steps: ['retry', 'password'],
  }),
} satisfies Record<string, Explain>;
