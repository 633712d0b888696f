/** Preview deployments on Vercel: their URLs, which are not known in advance. */
import type { Finding } from './finding.js';

/** Set by Vercel if system environment variables are exposed; hosts without a scheme. */
export interface PlatformUrls {
  readonly VERCEL_URL?: string | undefined;
  readonly VERCEL_BRANCH_URL?: string | undefined;
  readonly VERCEL_PROJECT_PRODUCTION_URL?: string | undefined;
}

/**
 * The preview's own origins, the preferred one first. That is the branch URL: it is the same for every push, so a site is
 * configured once and sessions survive a deployment. Deployments without Git have only the other.
 */
export function readOwnOrigins(platform: PlatformUrls, findings: Finding[]): string[] {
  const origins = [platform.VERCEL_BRANCH_URL, platform.VERCEL_URL]
    .map(toOrigin)
    .filter((origin) => origin !== undefined);
  if (origins.length === 0) {
    findings.push({
      level: 'warn',
      code: 'PREVIEW_URL_UNKNOWN',
      variable: 'VERCEL_URL',
      message: 'is not set, so this preview neither knows nor trusts its own URL',
      fix: 'enable "Automatically expose System Environment Variables" in the project’s settings on Vercel, and redeploy',
    });
  }
  return [...new Set(origins)];
}

/** Detects a base URL for production that is also set in previews. */
export function checkPreviewBaseUrl(
  baseUrl: string,
  ownOrigins: readonly string[],
  platform: PlatformUrls,
  findings: Finding[],
): void {
  if (ownOrigins.includes(baseUrl)) return;
  const isProductions = baseUrl === toOrigin(platform.VERCEL_PROJECT_PRODUCTION_URL);
  const fix = 'set it only for Production: if unset, a preview uses its own VERCEL_BRANCH_URL';
  findings.push({
    level: isProductions ? 'warn' : 'info',
    code: isProductions ? 'PREVIEW_USES_PRODUCTION_URL' : 'PREVIEW_BASE_URL_FOREIGN',
    variable: 'BETTER_AUTH_URL',
    message: isProductions
      ? 'is production’s, but this is a preview: cookies and tokens would be issued for the wrong host'
      : 'is none of the URLs that Vercel assigned to this preview, which is correct only if it has its own domain',
    fix,
  });
}

function toOrigin(host: string | undefined): string | undefined {
  return host !== undefined && /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(host)
    ? `https://${host.toLowerCase()}`
    : undefined;
}
