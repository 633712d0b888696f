/** JSON Web Tokens: short-lived tokens that an API verifies with published keys, without a call per request. */
import { onOff } from '../../config/variable-types.js';
import { defineFeature } from '../definition.js';

const dayInSeconds = 86_400;

export const jsonWebTokens = defineFeature({
  name: 'json-web-tokens',
  summary: 'issues JSON Web Tokens at `/api/auth/token` and publishes their keys',
  variables: {
    JWT_TOKENS: onOff.describe(
      '`on` issues JSON Web Tokens at `/api/auth/token` and publishes their keys',
    ),
  },
  readSettings: ({ JWT_TOKENS }) =>
    JWT_TOKENS === 'on'
      ? {
          // A token cannot be revoked: it outlives a sign-out by this long (ASVS 7.4.1).
          tokenLifetime: '5m',
          keyRotationSeconds: 90 * dayInSeconds,
          // A retired key stays published after its last token has expired, for APIs whose clock is behind.
          keyGraceSeconds: dayInSeconds,
        }
      : undefined,
  startupFields: (settings) => ({ jwtTokens: settings !== undefined }),
  apiCredentialSetting: 'JWT_TOKENS=on',
});
