/** Security notices: a mail for each change and sign-in by which somebody else may have got access. */
import { defineFeature } from '../definition.js';
import { hasMailTransport } from '../mail/feature.js';

export const securityNotices = defineFeature({
  name: 'security-notices',
  summary:
    'mails the owner of an account about a changed password and sign-ins from new devices, wherever mail can be sent',
  variables: {},
  readSettings: (_values, core) => (hasMailTransport(core) ? {} : undefined),
});
