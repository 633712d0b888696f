/** Detects a single origin that makes the session cookie a cross-site cookie, often unintentionally. */
import { isBareScheme } from './app-origin.js';
import type { Finding } from './finding.js';
import { isLoopbackHost, isSameSite } from './site.js';

/** The trusted origins on another site than the service. Native applications are excluded: they store cookies themselves and have no site. */
export function foreignOrigins(baseUrl: string, trustedOrigins: readonly string[]): string[] {
  const pages = trustedOrigins.filter((origin) => !isBareScheme(origin));
  return pages.filter((origin) => !isSameSite(origin, baseUrl));
}

/**
 * Adds a finding if one origin turns `SameSite=Lax` into `None; Partitioned` although all other pages are on the
 * service's site: a warning for a developer's machine, otherwise info. Over http such a cookie prevents the start anyway.
 * @param trustedOrigins exact origins, including the service's own
 */
export function checkCrossSiteOrigin(
  baseUrl: string,
  trustedOrigins: readonly string[],
  findings: Finding[],
): void {
  if (findings.some(({ level }) => level === 'error')) return; // the list of origins may be incomplete
  const foreign = foreignOrigins(baseUrl, trustedOrigins);
  const isLocal = (origin: string) => isLoopbackHost(new URL(origin).hostname);
  if (foreign.length === 0 || !baseUrl.startsWith('https:') || isLocal(baseUrl)) return;
  const pagesOnSite = trustedOrigins.length - foreign.length - 1;
  const add = (level: Finding['level'], origins: string, fix: string) =>
    findings.push({
      level,
      code: 'ORIGIN_MAKES_COOKIE_CROSS_SITE',
      variable: 'BETTER_AUTH_TRUSTED_ORIGINS',
      message: `holds ${origins}, the only reason why the session cookie is SameSite=None; Partitioned instead of Lax: all other pages are on the site of BETTER_AUTH_URL`,
      fix,
    });
  if (foreign.every(isLocal)) {
    const fix = 'remove it: for local development run a separate service (npm run dev)';
    add('warn', foreign.join(' and '), fix);
  } else if (foreign.length === 1 && pagesOnSite > 0) {
    const fix = 'none if that page signs users in; otherwise remove it';
    add('info', String(foreign[0]), fix);
  }
}
