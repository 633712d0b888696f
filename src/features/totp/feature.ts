/** Second factors: codes of an authenticator app (TOTP, RFC 6238), backup codes, trusted devices. */
import { oneOf } from '../../config/variable-types.js';
import { defineFeature } from '../definition.js';

const variable = 'SECOND_FACTOR';

export const totp = defineFeature({
  name: 'totp',
  summary: 'asks for a second factor after the password, link, code or provider',
  variables: {
    [variable]: oneOf(['off', 'optional', 'required'])
      .default('off')
      .describe(
        '`optional` lets users protect their account with an authenticator app; `required` asks those who have none to set one up at the next sign-in',
      ),
  },
  readSettings: ({ [variable]: mode }) => (mode === 'off' ? undefined : { mode }),
  startupFields: (settings) => ({ secondFactor: settings?.mode ?? 'off' }),
});
