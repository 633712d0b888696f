/** Whether browsers send the session cookie to the API's host. */
import { fail, ok, warn, type Finding } from '../finding.js';
import { isCookieHost, isInCookieScope, isLoopbackHost, siteOfHost } from '../service.js';
import type { SetCookie } from '../set-cookie.js';
import { sanitizeForTerminal } from '../untrusted-text.js';

/** @param acceptsTokens whether the API can be called with a token instead of the cookie */
export function checkApiCookieScope(
  authUrl: string,
  apiUrl: string,
  { domain, secure }: Pick<SetCookie, 'domain' | 'secure'>,
  acceptsTokens: boolean,
): Finding {
  const [auth, api] = [new URL(authUrl), new URL(apiUrl)];
  const scope = { setBy: auth.hostname, domain, secure };
  if (isInCookieScope(api, scope))
    return ok('COOKIE_REACHES_API', `browsers send the cookie to ${api.host}`);
  if (isCookieHost(api.hostname, scope)) {
    return fail('API_NOT_HTTPS', {
      message: `the cookie is Secure, and ${api.host} is called over http`,
      impact: 'Browsers do not send it there, so every call is anonymous.',
      fix: 'serve the API over https',
    });
  }
  const details = {
    message: `browsers do not send the cookie of ${sanitizeForTerminal(domain ?? auth.hostname)} to ${api.host}`,
    impact: 'Calls from a page to the API are anonymous, although its visitor is signed in.',
    fix: suggestFix(auth.hostname, api.hostname),
  };
  return acceptsTokens
    ? warn('COOKIE_NOT_REACHING_API', {
        ...details,
        impact: `${details.impact} Tokens are switched on and can be used instead.`,
      })
    : fail('COOKIE_NOT_REACHING_API', details);
}

function suggestFix(auth: string, api: string): string {
  if (isLoopbackHost(auth) && isLoopbackHost(api)) {
    return 'call both by the same name, localhost or 127.0.0.1';
  }
  const site = siteOfHost(auth);
  if (site !== auth && site === siteOfHost(api)) {
    return `set COOKIE_DOMAIN=${site}, or serve both under one host`;
  }
  if (site === siteOfHost(api)) return `set COOKIE_DOMAIN=${site}`;
  return "they share no domain: serve the API under the service's host through a proxy, or set BEARER_TOKENS=on or JWT_TOKENS=on and let the page send the token";
}
