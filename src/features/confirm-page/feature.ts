/** The confirm page: the service's own page that finishes mailed links and redirects, for origins without a page in SITE_PAGES. */
import { defineFeature } from '../definition.js';
import { hasMailTransport } from '../mail/feature.js';
import { hasProvider } from '../social-providers/feature.js';

export const confirmPage = defineFeature({
  name: 'confirm-page',
  summary: 'serves a small page that finishes mailed links and redirects, wherever there are any',
  variables: {},
  readSettings: (_values, core) => (hasMailTransport(core) || hasProvider(core) ? {} : undefined),
});
