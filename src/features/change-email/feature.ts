/** Change of the e-mail address: the new mailbox proves it, and the old one gets a link that undoes it. */
import { hasMailTransport, mailTransportVariables } from '../mail/feature.js';
import { onOff } from '../../config/variable-types.js';
import { defineFeature } from '../definition.js';

const variable = 'CHANGE_EMAIL';

export const changeEmail = defineFeature({
  name: 'change-email',
  summary: 'lets users change their e-mail address, with a mail to the new and to the old one',
  variables: {
    [variable]: onOff.describe(
      '`on` lets users change their e-mail address: the new mailbox proves it, and the old one can undo it for 72 hours',
    ),
  },
  readSettings({ [variable]: value }, core, report) {
    if (value === 'off') return undefined;
    if (hasMailTransport(core)) return {};
    report({
      level: 'error',
      code: 'CHANGE_EMAIL_WITHOUT_MAIL',
      variable,
      message: 'is on, but no mail can be sent: no new address could be proven',
      fix: `set one of ${mailTransportVariables.join(', ')}, or CHANGE_EMAIL=off`,
    });
    return undefined;
  },
  startupFields: (settings) => ({ changeEmail: settings !== undefined }),
});
