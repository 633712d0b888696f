/**
 * Reads `SITE_PAGES`: the pages on which mailed links are redeemed, one for each origin. A link never leads anywhere else,
 * because its fragment holds the token and follows redirects.
 */
import type { Finding } from './finding.js';
import { splitList } from './split-list.js';

/** Origin → exact URL of its page. */
export type SitePages = Readonly<Record<string, string>>;

/** The path of the service's own page, for origins without one. */
export const ownPagePath = '/confirm';

const variable = 'SITE_PAGES';

/** @param trustedOrigins exact origins; a page of any other origin is a fault */
export function readSitePages(
  value: string | undefined,
  trustedOrigins: readonly string[],
  findings: Finding[],
): SitePages {
  const pages: Record<string, string> = {};
  const add = (code: string, message: string, fix: string) =>
    findings.push({ level: 'error', code: `SITE_PAGES_${code}`, variable, message, fix });
  for (const entry of splitList(value)) {
    const url = URL.canParse(entry) ? new URL(entry) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol) || /\s/.test(entry)) {
      add('INVALID', 'has an entry that is not an http or https URL', example);
    } else if (url.username + url.password !== '' || entry.includes('#')) {
      add('INVALID', 'has a URL with a fragment or a password', example);
    } else if (!trustedOrigins.includes(url.origin)) {
      const fix = 'add its origin to BETTER_AUTH_TRUSTED_ORIGINS, or correct the URL';
      add('NOT_TRUSTED', 'has a page whose origin is not trusted', fix);
    } else if (url.origin in pages) {
      add('DUPLICATE', 'has two pages of one origin', 'keep one page for each origin');
    } else pages[url.origin] = url.href;
  }
  return pages;
}

const example = 'write each as https://www.example.com/auth/confirm';

/**
 * The page to which a mailed link leads.
 * @param origin of the page that asked for the mail, as in the request's `Origin`
 */
export function pageFor(
  { sitePages, baseUrl }: { readonly sitePages: SitePages; readonly baseUrl: string },
  origin: string | null | undefined,
): string {
  const own = baseUrl + ownPagePath;
  return (origin && Object.hasOwn(sitePages, origin) && sitePages[origin]) || own;
}
