/** Change of the e-mail address: the new mailbox proves it, and the old one gets a link that undoes it. */
import { requireMailTransport } from '../mail/feature.js';
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
    const canMail = requireMailTransport(core, report, variable, 'no new address could be proven');
    return canMail ? {} : undefined;
  },
  startupFields: (settings) => ({ changeEmail: settings !== undefined }),
});
