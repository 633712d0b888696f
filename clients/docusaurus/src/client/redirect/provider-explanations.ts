/** What went wrong at the provider, or between it and the service. */
import { translate } from '@docusaurus/Translate';
import type { Explain } from './explanation.js';

export const providerExplanations = {
  access_denied: (provider) => ({
    message: translate(
      {
        id: 'theme.auth.redirect.accessDenied',
        message: 'The sign-in with {provider} was cancelled.',
        description: 'If the visitor cancelled at the provider, or the provider refused',
      },
      { provider },
    ),
    steps: ['retry', 'password'],
  }),
  redirect_uri_mismatch: (provider) => ({
    message: translate(
      {
        id: 'theme.auth.redirect.redirectUriMismatch',
        message:
          '{provider} does not accept sign-ins from this site, because of a wrong setting. Only the operator can change that.',
        description: 'If the redirect URI is not registered',
      },
      { provider },
    ),
    steps: ['password'],
  }),
  client_secret_wrong: (provider) => ({
    message: translate(
      {
        id: 'theme.auth.redirect.clientSecretWrong',
        message:
          '{provider} does not accept this sign-in service, because of a wrong setting. Only the operator can change that.',
        description: 'If client id or secret are wrong',
      },
      { provider },
    ),
    steps: ['password'],
  }),
  provider_unreachable: (provider) => ({
    message: translate(
      {
        id: 'theme.auth.redirect.providerUnreachable',
        message: '{provider} cannot be reached right now. Try again in a minute.',
        description: 'If the service cannot connect to the provider',
      },
      { provider },
    ),
    steps: ['retry', 'password'],
  }),
  provider_timeout: (provider) => ({
    message: translate(
      {
        id: 'theme.auth.redirect.providerTimeout',
        message: '{provider} does not answer right now. Try again in a minute.',
        description: 'If the provider does not answer in time',
      },
      { provider },
    ),
    steps: ['retry', 'password'],
  }),
  provider_error: (provider) => ({
    message: translate(
      {
        id: 'theme.auth.redirect.providerError',
        message: '{provider} reported a problem of its own.',
        description: 'If the provider answers with an error',
      },
      { provider },
    ),
    steps: ['retry', 'password'],
  }),
  id_token_invalid: (provider) => ({
    message: translate(
      {
        id: 'theme.auth.redirect.idTokenInvalid',
        message: 'The answer of {provider} could not be verified, so it was not accepted.',
        description: 'If the ID token is invalid',
      },
      { provider },
    ),
    steps: ['retry', 'password'],
  }),
} satisfies Record<string, Explain>;
