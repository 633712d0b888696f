/** E-mail verification: a mailed link proves that the address of a new account belongs to the person who signed up. */
import { oneOf } from '../../config/variable-types.js';
import { defineFeature } from '../definition.js';
import { hasMailTransport, mailTransportVariables } from '../mail/feature.js';

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
    if (hasMailTransport(core)) return { mode };
    report({
      level: 'error',
      code: 'EMAIL_VERIFICATION_WITHOUT_MAIL',
      variable,
      message: 'is on, but no mail can be sent: nobody could prove an address',
      fix: `set one of ${mailTransportVariables.join(', ')}, or EMAIL_VERIFICATION=off`,
    });
    return undefined;
  },
  startupFields: (settings) => ({ emailVerification: settings?.mode ?? 'off' }),
});
