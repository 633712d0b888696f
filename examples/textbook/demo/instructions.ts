/** What a newcomer does first. */
import type { DemoSettings } from './settings.js';

export function instructions({ service, api, site }: DemoSettings): string {
  return `
Ready: the textbook is at ${site.url}. Try:

  1. Ask the public route there: it answers anybody.
  2. Sign up, go on to the exercises, and ask the private route: it knows your name.
  3. Sign out in a second tab: the first one notices, and why is in the lines below.
  4. curl ${api.url}/private: nobody is signed in, and it says why.

The API is at ${api.url} (its documentation at /docs), the auth service at ${service.url}.
Ctrl-C ends all three. From here on, what they log:

`;
}
