/** Derives the session cookie's attributes from who calls whom; refuses what no browser would keep. */
import type { Finding } from './finding.js';
import { isPublicSuffix, isSameSite } from './site.js';

/** BetterAuth's own, so that its clients and everybody's documentation find the cookie. */
export const cookiePrefix = 'better-auth';

/** The attributes every cookie of this service carries. HttpOnly and Path=/ are constant. */
export interface CookiePolicy {
  readonly sameSite: 'lax' | 'none';
  readonly secure: boolean;
  readonly partitioned: boolean;
  /** With `__Secure-` over https (ASVS 3.3.1), without over http, where browsers would drop such a cookie. */
  readonly sessionCookieName: string;
  /** Without it the cookie stays on the one host that set it. */
  readonly domain?: string;
}

/**
 * Same site everywhere gives `SameSite=Lax`; one origin on another site makes every cookie
 * `SameSite=None; Secure; Partitioned`, the only third-party cookie Chromium and Firefox both send back.
 * @param baseUrl the service's own origin
 * @param trustedOrigins the origins of the pages that call it
 * @param cookieDomain `COOKIE_DOMAIN`, if set
 */
export function readCookiePolicy(
  baseUrl: string,
  trustedOrigins: readonly string[],
  cookieDomain: string | undefined,
  findings: Finding[],
): CookiePolicy {
  const secure = baseUrl.startsWith('https:');
  const foreign = trustedOrigins.filter((origin) => !isSameSite(origin, baseUrl));
  const crossSite = foreign.length > 0;
  if (crossSite && !secure) {
    findings.push({
      level: 'error',
      code: 'COOKIE_CROSS_SITE_OVER_HTTP',
      variable: 'BETTER_AUTH_URL',
      message: `is http, but ${foreign.join(', ')} is another site: browsers keep a cross-site cookie over https only`,
      fix: 'use https, or put both on one site (localhost and 127.0.0.1 are two)',
    });
  }
  const domain = readCookieDomain(baseUrl, cookieDomain, findings);
  return {
    sameSite: crossSite ? 'none' : 'lax',
    secure,
    partitioned: crossSite,
    sessionCookieName: `${secure ? '__Secure-' : ''}${cookiePrefix}.session_token`,
    ...(domain === undefined ? {} : { domain }),
  };
}

function readCookieDomain(
  baseUrl: string,
  cookieDomain: string | undefined,
  findings: Finding[],
): string | undefined {
  if (cookieDomain === undefined) return undefined;
  const host = new URL(baseUrl).hostname;
  const domain = cookieDomain.toLowerCase().replace(/^\./, '');
  const add = (code: string, message: string, fix: string) =>
    findings.push({ level: 'error', code, variable: 'COOKIE_DOMAIN', message, fix });
  if (isPublicSuffix(domain)) {
    const fix = 'remove it, or use a domain of your own';
    add('COOKIE_DOMAIN_PUBLIC_SUFFIX', 'is a public suffix, so browsers refuse the cookie', fix);
    return undefined;
  }
  if (host !== domain && !host.endsWith(`.${domain}`)) {
    const fix = `use a parent domain of ${host}, or remove it`;
    add('COOKIE_DOMAIN_NOT_PARENT', `is no parent of ${host}, so browsers refuse the cookie`, fix);
    return undefined;
  }
  return domain;
}
