/** The hosts to which browsers send a cookie: shared by the service's startup findings and the doctor. */
import { isIP } from 'node:net';
import { isLoopbackHost, isPublicSuffix } from './site.js';

interface CookieScope {
  /** The host that set the cookie. */
  readonly setBy: string;
  /** The Domain attribute without its leading dot; undefined if there is none. */
  readonly domain: string | undefined;
  readonly secure: boolean;
}

/** Whether browsers send the cookie to this URL's host and over its scheme (RFC 6265bis 5.1.3 and 5.8.3). */
export function isInCookieScope(url: URL, scope: CookieScope): boolean {
  const isAllowedScheme =
    !scope.secure || url.protocol === 'https:' || isLoopbackHost(url.hostname);
  return isAllowedScheme && isCookieHost(url.hostname, scope);
}

/** Whether the cookie belongs to this host, ignoring the scheme. */
export function isCookieHost(
  host: string,
  { setBy, domain }: Pick<CookieScope, 'setBy' | 'domain'>,
): boolean {
  // Browsers ignore a public suffix as Domain if it is the host itself, and otherwise reject the cookie.
  if (domain === undefined || isPublicSuffix(domain)) return host === setBy;
  return domainMatches(host, domain);
}

/** Whether the host is the domain or below it. An IP address has no parent domain (RFC 6265bis 5.1.3). */
export function domainMatches(host: string, domain: string): boolean {
  return host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`));
}
