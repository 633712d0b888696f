/** E-mail code: signs in with a mailed code of six digits instead of a password, and signs new addresses up. */
import { oneOf } from '../../config/variable-types.js';
import { defineFeature } from '../definition.js';
import { requireMailTransport } from '../mail/feature.js';

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
    const canMail = requireMailTransport(core, report, variable, 'no code would arrive');
    return canMail ? {} : undefined;
  },
  startupFields: (settings) => ({ emailCode: settings !== undefined }),
});
