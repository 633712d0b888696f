/** Derives the session cookie's attributes from the URLs; rejects combinations that browsers do not accept. */
import { foreignOrigins } from './cross-site-origin.js';
import type { Finding } from './finding.js';
import { domainMatches } from './cookie-scope.js';
import { isPublicSuffix } from './site.js';

/** BetterAuth's default, which its clients and documentation use. */
export const cookiePrefix = 'better-auth';

/** The attributes of every cookie of this service. HttpOnly and Path=/ are constant. */
export interface CookiePolicy {
  readonly sameSite: 'lax' | 'none';
  readonly secure: boolean;
  readonly partitioned: boolean;
  /** With the prefix `__Secure-` over https (ASVS 3.3.1), without it over http, where browsers reject it. */
  readonly sessionCookieName: string;
  /** If this cookie is set, the session cookie expires when the browser closes. */
  readonly dontRememberCookieName: string;
  /** undefined: a host-only cookie. */
  readonly domain?: string;
}

/**
 * If all origins are on the same site: `SameSite=Lax`. If one is on another site, every cookie is
 * `SameSite=None; Secure; Partitioned`, the only third-party cookie that both Chromium and Firefox send.
 * @param baseUrl the service's own origin
 * @param trustedOrigins the origins of the pages that call it
 * @param domain the result of readCookieDomain
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
      message: `is http, but ${foreign.length} of the trusted origins are on another site: browsers accept cross-site cookies only over https`,
      fix: 'use https, or put both on the same site (localhost and 127.0.0.1 are different sites)',
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

/** The attributes of every cookie of this service, except lifetime and domain. */
export function cookieAttributes({ sameSite, secure, partitioned }: CookiePolicy) {
  return { httpOnly: true, path: '/', sameSite, secure, partitioned }; // HttpOnly: ASVS 3.3.4
}

/** Name and attributes as a browser sees them, for the startup report and for comparing two deployments. */
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
 * @param baseUrl the service's own origin, if known
 * @returns undefined if it is not set or, with a finding, if browsers would reject it
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
    add('COOKIE_DOMAIN_PUBLIC_SUFFIX', 'is a public suffix, so browsers reject the cookie', fix);
    return undefined;
  }
  const host = baseUrl === undefined ? domain : new URL(baseUrl).hostname;
  if (!domainMatches(host, domain)) {
    const message = 'is not a parent domain of BETTER_AUTH_URL, so browsers reject the cookie';
    add('COOKIE_DOMAIN_NOT_PARENT', message, 'use a parent domain of its host, or remove it');
    return undefined;
  }
  return domain;
}
