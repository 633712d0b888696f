/** Why the account at the provider signs in to no account here. */
import { translate } from '@docusaurus/Translate';
import type { Explain } from './explanation.js';

export const accountExplanations = {
  email_missing: (provider) => ({
    message: translate(
      {
        id: 'theme.auth.redirect.emailMissing',
        message: '{provider} did not pass on an e-mail address, and an account needs one.',
        description: 'If the provider gives no address',
      },
      { provider },
    ),
    steps: ['retry', 'signUp'],
  }),
  email_unverified: (provider) => ({
    message: translate(
      {
        id: 'theme.auth.redirect.emailUnverified',
        message:
          '{provider} has not confirmed your e-mail address, so you need to confirm it here.',
        description: 'If the provider does not vouch for the address',
      },
      { provider },
    ),
    steps: ['retry', 'password'],
  }),
  account_exists_with_password: (provider) => ({
    message: translate(
      {
        id: 'theme.auth.redirect.accountExistsWithPassword',
        message:
          'There is already an account with your e-mail address. Confirm that it is yours, then {provider} is linked to it.',
        description: 'If the address has an account that is not linked',
      },
      { provider },
    ),
    steps: ['password', 'retry'],
  }),
  account_linked_elsewhere: (provider) => ({
    message: translate(
      {
        id: 'theme.auth.redirect.accountLinkedElsewhere',
        message:
          'Your {provider} account is already linked to another account. Sign in with {provider}, or unlink it there first.',
        description: 'If a provider account is linked a second time',
      },
      { provider },
    ),
    steps: ['account'],
  }),
  sign_up_closed: (provider) => ({
    message: translate(
      {
        id: 'theme.auth.redirect.signUpClosed',
        message: 'There is no account for this sign-in, and {provider} cannot create one here.',
        description: 'If providers may not create accounts',
      },
      { provider },
    ),
    steps: ['password'],
  }),
  domain_not_allowed: () => ({
    message: translate({
      id: 'theme.auth.redirect.domainNotAllowed',
      message: 'E-mail addresses of this domain cannot have an account here.',
      description: 'If the domain of the address is not allowed',
    }),
    steps: ['password'],
  }),
  profile_fields_required: (provider) => ({
    message: translate(
      {
        id: 'theme.auth.redirect.profileFieldsRequired',
        message:
          'A new account needs more than {provider} knows about you. Sign up with the form first, then link {provider} on your account page.',
        description: 'If the profile has required fields',
      },
      { provider },
    ),
    steps: ['signUp'],
  }),
  session_missing: (provider) => ({
    message: translate(
      {
        id: 'theme.auth.redirect.sessionMissing',
        message:
          'You are not signed in any more, so {provider} was not linked. Sign in first, then link it again.',
        description: 'If the session ended while a provider was being linked',
      },
      { provider },
    ),
    steps: ['signIn'],
  }),
  session_differs: (provider) => ({
    message: translate(
      {
        id: 'theme.auth.redirect.sessionDiffers',
        message: 'Another user is signed in now, so {provider} was not linked.',
        description: 'If another user is signed in than the one who started to link a provider',
      },
      { provider },
    ),
    steps: ['account'],
  }),
} satisfies Record<string, Explain>;
