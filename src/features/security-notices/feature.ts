/** Security notices: a mail for each change that could lock the owner of an account out. */
import { defineFeature } from '../definition.js';
import { hasMailTransport } from '../mail/feature.js';

export const securityNotices = defineFeature({
  name: 'security-notices',
  summary: 'mails the owner when the password of an account was changed, wherever mail can be sent',
  variables: {},
  readSettings: (_values, core) => (hasMailTransport(core) ? {} : undefined),
});
