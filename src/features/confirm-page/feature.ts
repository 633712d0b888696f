/** The confirm page: the service's own page that finishes mailed links, for origins without a page in SITE_PAGES. */
import { defineFeature } from '../definition.js';
import { hasMailTransport } from '../mail/feature.js';

export const confirmPage = defineFeature({
  name: 'confirm-page',
  summary: 'serves a small page that finishes mailed links, wherever mail can be sent',
  variables: {},
  readSettings: (_values, core) => (hasMailTransport(core) ? {} : undefined),
});
