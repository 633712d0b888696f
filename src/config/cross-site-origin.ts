/** Tells which origin alone made the session cookie one for other sites, which happens without anybody meaning it. */
import { isBareScheme } from './app-origin.js';
import type { Finding } from './finding.js';
import { isLoopbackHost, isSameSite } from './site.js';

/** The trusted origins on another site than the service. A native application keeps cookies itself: it is on no site. */
export function foreignOrigins(baseUrl: string, trustedOrigins: readonly string[]): string[] {
  const pages = trustedOrigins.filter((origin) => !isBareScheme(origin));
  return pages.filter((origin) => !isSameSite(origin, baseUrl));
}

/**
 * Adds a finding where one origin turns `SameSite=Lax` into `None; Partitioned` although every other page is on the
 * service's own site: a warning where it is a developer's machine, an explanation elsewhere. Over http such a cookie
 * stops the start anyway.
 * @param trustedOrigins exact origins, the service's own among them
 */
export function checkCrossSiteOrigin(
  baseUrl: string,
  trustedOrigins: readonly string[],
  findings: Finding[],
): void {
  if (findings.some(({ level }) => level === 'error')) return; // an origin may be missing from the list
  const foreign = foreignOrigins(baseUrl, trustedOrigins);
  const isLocal = (origin: string) => isLoopbackHost(new URL(origin).hostname);
  if (foreign.length === 0 || !baseUrl.startsWith('https:') || isLocal(baseUrl)) return;
  const pagesOnSite = trustedOrigins.length - foreign.length - 1;
  const add = (level: Finding['level'], origins: string, fix: string) =>
    findings.push({
      level,
      code: 'ORIGIN_MAKES_COOKIE_CROSS_SITE',
      variable: 'BETTER_AUTH_TRUSTED_ORIGINS',
      message: `holds ${origins}, which alone makes the session cookie SameSite=None; Partitioned in place of Lax: every other page is on the site of BETTER_AUTH_URL`,
      fix,
    });
  if (foreign.every(isLocal)) {
    const fix = "take it out: a developer's page belongs to a service of its own (npm run dev)";
    add('warn', foreign.join(' and '), fix);
  } else if (foreign.length === 1 && pagesOnSite > 0) {
    const fix = 'nothing, where that page signs visitors in; otherwise take it out';
    add('info', String(foreign[0]), fix);
  }
}
