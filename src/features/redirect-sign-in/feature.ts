/** Redirect sign-in: a visit to an identity provider that ends signed in on the site's page, in every browser. */
import { defineFeature } from '../definition.js';
import { hasProvider } from '../social-providers/feature.js';

export const redirectSignIn = defineFeature({
  name: 'redirect-sign-in',
  summary: 'sends visitors to a provider and ends signed in on the page that sent them',
  variables: {},
  // With pages but without a provider its routes say which variables are missing.
  readSettings: (_values, core) => (hasProvider(core) || core.isSet('SITE_PAGES') ? {} : undefined),
});
