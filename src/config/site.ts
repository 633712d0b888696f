/**
 * What browsers call a site: the scheme and the registrable domain (public suffix + 1), ports aside.
 * Source: HTML Standard, "schemelessly same site" and "same site"; list: publicsuffix.org, private section included,
 * because browsers refuse cookies for `vercel.app` as they do for `com`.
 */
import { getDomain, getPublicSuffix, parse } from 'tldts';

const withPrivateSuffixes = { allowPrivateDomains: true, extractHostname: false };

/** The registrable domain of a host, or the host itself where it has none (`localhost`, an IP address). */
export function siteOfHost(host: string): string {
  return getDomain(host, withPrivateSuffixes) ?? host;
}

/** Whether a cookie set by one URL is a first-party cookie on a page of the other. */
export function isSameSite(left: string, right: string): boolean {
  const a = new URL(left);
  const b = new URL(right);
  return a.protocol === b.protocol && siteOfHost(a.hostname) === siteOfHost(b.hostname);
}

/** Whether browsers refuse a cookie whose Domain is this host, because unrelated people share it. */
export function isPublicSuffix(host: string): boolean {
  return getPublicSuffix(host, withPrivateSuffixes) === host;
}

/** Whether this host stands below a name under which a company gives its customers one each, like `pages.dev`. */
export function isSharedHost(host: string): boolean {
  return parse(host, withPrivateSuffixes).isPrivate === true;
}

/** Whether this host names the machine itself, where http is as safe as https. */
export function isLoopbackHost(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(host)
  );
}
