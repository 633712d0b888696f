/** E-mail verification: a mailed link proves that the address of a new account belongs to the person who signed up. */
import { oneOf } from '../../config/variable-types.js';
import { defineFeature } from '../definition.js';
import { requireMailTransport } from '../mail/feature.js';

const variable = 'EMAIL_VERIFICATION';

export const emailVerification = defineFeature({
  name: 'email-verification',
  summary: 'mails a link at sign-up that proves the address',
  variables: {
    [variable]: oneOf(['off', 'optional', 'required'])
      .default('off')
      .describe(
        '`optional` mails a link that proves the address at sign-up; `required` also refuses to sign in before, and answers sign-ups alike for known and unknown addresses',
      ),
  },
  readSettings({ [variable]: mode }, core, report) {
    if (mode === 'off') return undefined;
    const canMail = requireMailTransport(core, report, variable, 'nobody could prove an address');
    return canMail ? { mode } : undefined;
  },
  startupFields: (settings) => ({ emailVerification: settings?.mode ?? 'off' }),
});
