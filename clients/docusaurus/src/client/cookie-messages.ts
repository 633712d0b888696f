/** Messages after a sign-in whose cookie the browser did not send back: for the visitor, then for the operator. */
import { translate } from '@docusaurus/Translate';
import type { AuthOptions } from '../options.js';
import type { CallContext } from './auth-failure.js';

/** @param reason the service's `x-session-reason`; `no_credential` if it received no cookie */
export function cookieMessage(reason: string, { authUrl, pageOrigin }: CallContext): string {
  if (reason !== 'no_credential') {
    return translate(
      {
        id: 'theme.auth.cookie.notAccepted',
        message:
          'You signed in, but the auth service does not accept the cookie that it set ({reason}). Its operator finds the cause under this code in its log.',
        description:
          'After a sign-in whose cookie the service refuses; the reason is a code of its log',
      },
      { reason },
    );
  }
  return translate(
    {
      id: 'theme.auth.cookie.refused',
      message:
        'You signed in, but this browser does not send the cookie of {host} back from {site}. Allow third-party cookies for {host} in the browser’s settings, leave the private window, or use another browser. (For the operator: put both under one domain, or set BEARER_TOKENS=on at the auth service.)',
      description:
        'After a sign-in whose cookie the browser does not send back. The name in capitals is a setting',
    },
    { host: new URL(authUrl).host, site: new URL(pageOrigin).host },
  );
}

/** For the console, when a bearer token is used in place of the cookie. */
export function bearerMessage({ authUrl, bearerToken }: AuthOptions): string {
  const end = bearerToken === 'memory' ? 'this page is reloaded or closed' : 'this tab is closed';
  return (
    `This browser does not send the cookie of ${new URL(authUrl).host} back, so a bearer token takes its place ` +
    `until ${end}.`
  );
}
