/** Checks whether browsers send the session cookie to the APIs in `API_URLS`. */
import type { CookiePolicy } from './cookie-policy.js';
import { isInCookieScope } from './cookie-scope.js';
import { apiCredentialSettings } from './features.js';
import type { Finding } from './finding.js';
import { isPublicSuffix, siteOfHost } from './site.js';
import { splitList } from './split-list.js';

const variable = 'API_URLS';

/**
 * Reads `API_URLS`, comma-separated; a path is allowed.
 * @returns the valid entries; the others are reported in `findings`
 */
export function readApiUrls(value: string | undefined, findings: Finding[]): URL[] {
  return splitList(value).flatMap((entry) => {
    const url = URL.canParse(entry) ? new URL(entry) : undefined;
    if (url !== undefined && /^https?:$/.test(url.protocol)) return [url];
    const message = 'holds an entry that is not an http or https URL';
    const fix = 'write each as https://api.example.com';
    findings.push({ level: 'error', code: 'API_URLS_INVALID', variable, message, fix });
    return [];
  });
}

interface ApiAccess {
  /** The service's own origin. */
  readonly baseUrl: string;
  readonly cookies: CookiePolicy;
  /** Whether an API may be called with another credential instead. */
  readonly hasTokens: boolean;
}

/** Reports APIs that the cookie does not reach, one finding per suggested change. */
export function checkApiUrls(urls: readonly URL[], access: ApiAccess, findings: Finding[]): void {
  const { hostname } = new URL(access.baseUrl);
  const site = siteOfHost(hostname);
  const { domain, secure } = access.cookies;
  const scope = { setBy: hostname, domain, secure };
  const fixes = urls
    .filter((url) => !isInCookieScope(url, scope))
    .map((url) => suggestFix(url, site, access));
  for (const fix of new Set(fixes)) {
    const count = fixes.filter((other) => other === fix).length;
    findings.push({
      // With tokens enabled, this may be intentional.
      level: access.hasTokens ? 'info' : 'warn',
      code: 'API_UNREACHED_BY_COOKIE',
      variable: fix === shareCookie ? 'COOKIE_DOMAIN' : variable,
      message: `does not let browsers send the session cookie to ${count} of the API_URLS`,
      fix,
    });
  }
}

const shareCookie =
  'set it to the domain that BETTER_AUTH_URL and the API share, or serve the API below BETTER_AUTH_URL through a proxy';
const useHttps = 'call the API over https: the cookie is Secure';
const useToken = [
  'cookies are not shared across sites: serve the API below BETTER_AUTH_URL through a proxy',
  ...(apiCredentialSettings.length > 0
    ? [`or set ${apiCredentialSettings.join(' or ')} and send a token`]
    : []),
].join(', ');

function suggestFix({ hostname, protocol }: URL, site: string, { cookies }: ApiAccess): string {
  const isShared = siteOfHost(hostname) === site && site.includes('.') && !isPublicSuffix(site);
  if (!isShared) return useToken;
  return cookies.secure && protocol !== 'https:' ? useHttps : shareCookie;
}
