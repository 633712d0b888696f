/** Password reset: a mailed link with which the owner of the address chooses a new password. */
import { defineFeature } from '../definition.js';
import { hasMailTransport } from '../mail/feature.js';

export const passwordReset = defineFeature({
  name: 'password-reset',
  summary: 'mails a link with which a forgotten password is replaced, wherever mail can be sent',
  variables: {},
  readSettings: (_values, core) => (hasMailTransport(core) ? {} : undefined),
  startupFields: (settings) => ({ passwordReset: settings !== undefined }),
});
