/** The instructions printed when everything is running. */
import type { DemoSettings } from './settings.js';

export function instructions({ service, api, site }: DemoSettings): string {
  return `
Ready: the textbook is at ${site.url}. Try:

  1. Call the public route there: it does not need a sign-in.
  2. Sign up, continue to the exercises, and call the private route: it returns your name.
  3. Sign out in a second tab: the first one notices, and the log below shows why.
  4. Open ${service.url}/dev/mailbox: confirm your address with the link in the mail, and call the route for confirmed
     readers on the exercises page.
  5. Sign out, and use “Forgot your password?” on the sign-in page: the mail is in the same mailbox.
  6. Sign in with “Continue with Dev ID”: an identity provider on this machine asks whom to sign in. On the account page
     you can link and unlink it.
  7. curl ${api.url}/private: not signed in, with the reason.

The API is at ${api.url} (its documentation at /docs), the auth service at ${service.url}.
Ctrl-C stops all three. Their log output follows:

`;
}
