/** Derives the session cookie's attributes from who calls whom; refuses what no browser would keep. */
import { foreignOrigins } from './cross-site-origin.js';
import type { Finding } from './finding.js';
import { domainMatches } from './cookie-scope.js';
import { isPublicSuffix } from './site.js';

/** BetterAuth's own, so that its clients and everybody's documentation find the cookie. */
export const cookiePrefix = 'better-auth';

/** The attributes every cookie of this service carries. HttpOnly and Path=/ are constant. */
export interface CookiePolicy {
  readonly sameSite: 'lax' | 'none';
  readonly secure: boolean;
  readonly partitioned: boolean;
  /** With `__Secure-` over https (ASVS 3.3.1), without over http, where browsers would drop such a cookie. */
  readonly sessionCookieName: string;
  /** Where this cookie stands beside it, the session cookie ends with the browser's session. */
  readonly dontRememberCookieName: string;
  /** Without it the cookie stays on the one host that set it. */
  readonly domain?: string;
}

/**
 * Same site everywhere gives `SameSite=Lax`; one origin on another site makes every cookie
 * `SameSite=None; Secure; Partitioned`, the only third-party cookie Chromium and Firefox both send back.
 * @param baseUrl the service's own origin
 * @param trustedOrigins the origins of the pages that call it
 * @param domain what readCookieDomain gave
 */
export function readCookiePolicy(
  baseUrl: string,
  trustedOrigins: readonly string[],
  domain: string | undefined,
  findings: Finding[],
): CookiePolicy {
  const secure = baseUrl.startsWith('https:');
  const foreign = foreignOrigins(baseUrl, trustedOrigins);
  const crossSite = foreign.length > 0;
  if (crossSite && !secure) {
    findings.push({
      level: 'error',
      code: 'COOKIE_CROSS_SITE_OVER_HTTP',
      variable: 'BETTER_AUTH_URL',
      message: `is http, but ${foreign.length} of the trusted origins are on another site: browsers keep a cross-site cookie over https only`,
      fix: 'use https, or put both on one site (localhost and 127.0.0.1 are two)',
    });
  }
  const prefix = `${secure ? '__Secure-' : ''}${cookiePrefix}`;
  return {
    sameSite: crossSite ? 'none' : 'lax',
    secure,
    partitioned: crossSite,
    sessionCookieName: `${prefix}.session_token`,
    dontRememberCookieName: `${prefix}.dont_remember`,
    ...(domain === undefined ? {} : { domain }),
  };
}

/** What every cookie of this service carries besides its lifetime and domain. */
export function cookieAttributes({ sameSite, secure, partitioned }: CookiePolicy) {
  return { httpOnly: true, path: '/', sameSite, secure, partitioned }; // HttpOnly: ASVS 3.3.4
}

/** Name and attributes as a browser sees them, for the start-up report and for comparing two deployments. */
export function describeCookie(cookies: CookiePolicy): { name: string; attributes: string } {
  const attributes = [
    cookies.domain && `Domain=${cookies.domain}`,
    'Path=/',
    'HttpOnly',
    cookies.secure && 'Secure',
    `SameSite=${cookies.sameSite === 'none' ? 'None' : 'Lax'}`,
    cookies.partitioned && 'Partitioned',
  ];
  return { name: cookies.sessionCookieName, attributes: attributes.filter(Boolean).join('; ') };
}

/**
 * Reads `COOKIE_DOMAIN`, with or without the leading dot.
 * @param baseUrl the service's own origin, where there is one to compare with
 * @returns undefined when it is not set or, with the reason added to `findings`, when browsers would refuse it
 */
export function readCookieDomain(
  cookieDomain: string | undefined,
  baseUrl: string | undefined,
  findings: Finding[],
): string | undefined {
  if (cookieDomain === undefined) return undefined;
  const domain = cookieDomain.toLowerCase().replace(/^\./, '');
  const add = (code: string, message: string, fix: string) =>
    findings.push({ level: 'error', code, variable: 'COOKIE_DOMAIN', message, fix });
  if (isPublicSuffix(domain)) {
    const fix = 'remove it, or use a domain of your own';
    add('COOKIE_DOMAIN_PUBLIC_SUFFIX', 'is a public suffix, so browsers refuse the cookie', fix);
    return undefined;
  }
  const host = baseUrl === undefined ? domain : new URL(baseUrl).hostname;
  if (!domainMatches(host, domain)) {
    const message = 'is no parent domain of BETTER_AUTH_URL, so browsers refuse the cookie';
    add('COOKIE_DOMAIN_NOT_PARENT', message, 'use a parent domain of its host, or remove it');
    return undefined;
  }
  return domain;
}
