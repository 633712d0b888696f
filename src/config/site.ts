/**
 * Sites as browsers define them: scheme and registrable domain (public suffix + 1), ignoring ports.
 * Source: HTML Standard, "schemelessly same site" and "same site"; list: publicsuffix.org including the private section,
 * because browsers reject cookies for `vercel.app` as they do for `com`.
 */
import { getDomain, getPublicSuffix, parse } from 'tldts';

const withPrivateSuffixes = { allowPrivateDomains: true, extractHostname: false };

/** The registrable domain of a host, or the host itself if it has none (`localhost`, an IP address). */
export function siteOfHost(host: string): string {
  return getDomain(host, withPrivateSuffixes) ?? host;
}

/** Whether a cookie set by one URL is a first-party cookie on a page of the other. */
export function isSameSite(left: string, right: string): boolean {
  const a = new URL(left);
  const b = new URL(right);
  return a.protocol === b.protocol && siteOfHost(a.hostname) === siteOfHost(b.hostname);
}

/** Whether browsers reject a cookie with this Domain, because unrelated parties share it. */
export function isPublicSuffix(host: string): boolean {
  return getPublicSuffix(host, withPrivateSuffixes) === host;
}

/** Whether this host is below a domain on which each customer of a provider has a name, such as `pages.dev`. */
export function isSharedHost(host: string): boolean {
  return parse(host, withPrivateSuffixes).isPrivate === true;
}

/** Whether this host is the local machine, where http is as safe as https. */
export function isLoopbackHost(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(host)
  );
}
