/** Preview deployments on Vercel: their own URLs, which nobody can write into a variable beforehand. */
import type { Finding } from './finding.js';

/** What Vercel sets where system environment variables are exposed; hosts without a scheme. */
export interface PlatformUrls {
  readonly VERCEL_URL?: string | undefined;
  readonly VERCEL_BRANCH_URL?: string | undefined;
  readonly VERCEL_PROJECT_PRODUCTION_URL?: string | undefined;
}

/**
 * The preview's own origins, the one to be called by first. That is the branch's URL: it stays with every push, so
 * that a site can be told it once and sessions outlive a deployment; one made without Git has only the other.
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
      message: 'is not set, so this preview does not know, nor trust, its own URL',
      fix: 'tick "Automatically expose System Environment Variables" in the project’s settings on Vercel, and deploy again',
    });
  }
  return [...new Set(origins)];
}

/** Finds a base URL that was meant for production and reached previews as well. */
export function checkPreviewBaseUrl(
  baseUrl: string,
  ownOrigins: readonly string[],
  platform: PlatformUrls,
  findings: Finding[],
): void {
  if (ownOrigins.includes(baseUrl)) return;
  const isProductions = baseUrl === toOrigin(platform.VERCEL_PROJECT_PRODUCTION_URL);
  const fix =
    'set it for Production alone: a preview goes by its own VERCEL_BRANCH_URL where it is not set';
  findings.push({
    level: isProductions ? 'warn' : 'info',
    code: isProductions ? 'PREVIEW_USES_PRODUCTION_URL' : 'PREVIEW_BASE_URL_FOREIGN',
    variable: 'BETTER_AUTH_URL',
    message: isProductions
      ? 'is production’s, but this is a preview: its cookies and tokens follow from the wrong host'
      : 'is none of the URLs that Vercel gave this preview, which is right for a domain of its own alone',
    fix,
  });
}

function toOrigin(host: string | undefined): string | undefined {
  return host !== undefined && /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(host)
    ? `https://${host.toLowerCase()}`
    : undefined;
}
