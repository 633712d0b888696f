/** Security notices: a mail for each change that could lock the owner of an account out. */
import { hasMailTransport } from '../../config/mail-transport.js';
import { defineFeature } from '../definition.js';

export const securityNotices = defineFeature({
  name: 'security-notices',
  summary: 'mails the owner when the password of an account was changed, wherever mail can be sent',
  variables: {},
  readSettings: (_values, core) => (hasMailTransport(core) ? {} : undefined),
});
