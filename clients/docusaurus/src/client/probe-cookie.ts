/** What to say after a sign-in whose cookie does not come back: for the visitor first, for the operator after it. */
import { translate } from '@docusaurus/Translate';
import type { AuthOptions } from '../options.js';
import type { Place } from './fault.js';

/** @param reason why the service accepts no session, by its own word; `no_credential` where no cookie came */
export function cookieSentence(reason: string, { authUrl, pageOrigin }: Place): string {
  if (reason !== 'no_credential') {
    return translate(
      {
        id: 'theme.auth.cookie.notAccepted',
        message:
          'You signed in, but the auth service does not accept the cookie that it set ({reason}). Its operator finds the cause under this word in its log.',
        description:
          'After a sign-in whose cookie the service refuses; the reason is a word of its log',
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

/** For the console, once, when a bearer token stands in for the cookie. */
export function bearerSentence({ authUrl, bearerToken }: AuthOptions): string {
  const end = bearerToken === 'memory' ? 'this page is reloaded or closed' : 'this tab is closed';
  return (
    `This browser does not send the cookie of ${new URL(authUrl).host} back, so a bearer token takes its place ` +
    `until ${end}.`
  );
}
