/** E-mail code: signs in with a mailed code of six digits instead of a password, and signs new addresses up. */
import { oneOf } from '../../config/variable-types.js';
import { defineFeature } from '../definition.js';
import { hasMailTransport, mailTransportVariables } from '../mail/feature.js';

const variable = 'EMAIL_CODE';

export const emailCode = defineFeature({
  name: 'email-code',
  summary: 'signs in with a mailed code of six digits instead of a password',
  variables: {
    [variable]: oneOf(['off', 'on'])
      .default('off')
      .describe(
        '`on` lets visitors sign in, and sign up, with a mailed code of six digits instead of a password',
      ),
  },
  readSettings({ [variable]: mode }, core, report) {
    if (mode === 'off') return undefined;
    if (hasMailTransport(core)) return {};
    report({
      level: 'error',
      code: 'EMAIL_CODE_WITHOUT_MAIL',
      variable,
      message: 'is on, but no mail can be sent: no code would arrive',
      fix: `set one of ${mailTransportVariables.join(', ')}, or EMAIL_CODE=off`,
    });
    return undefined;
  },
  startupFields: (settings) => ({ emailCode: settings !== undefined }),
});
