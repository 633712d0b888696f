/** Bearer tokens: the signed session token in `Authorization: Bearer`, for browsers that refuse the cookie. */
import { onOff } from '../../config/variable-types.js';
import { defineFeature } from '../definition.js';

export const bearerTokens = defineFeature({
  name: 'bearer-tokens',
  summary: 'accepts the signed session token in `Authorization: Bearer` as well as the cookie',
  variables: {
    BEARER_TOKENS: onOff.describe(
      '`on` accepts the signed token in `Authorization: Bearer` as well as the cookie',
    ),
  },
  // Otherwise the plugin accepts the raw token of the sign-in JSON, which is unsigned.
  readSettings: ({ BEARER_TOKENS }) =>
    BEARER_TOKENS === 'on' ? { requireSignature: true } : undefined,
  startupFields: (settings) => ({ bearerTokens: settings !== undefined }),
  apiCredentialSetting: 'BEARER_TOKENS=on',
});
