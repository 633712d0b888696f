/**
 * Expires the variants of a cookie that an earlier configuration left in a browser. A browser keeps cookies of one name
 * apart by Domain, Path and partition (RFC 6265bis section 5.7), sends them all, the older first, and tells a server
 * nothing of their attributes. So each variant that this service can ever have set is expired.
 */
import { isIP } from 'node:net';
import type { Request } from 'express';
import { authBasePath } from '../auth/auth-names.js';
import type { Config } from '../config/config.js';
import { isPublicSuffix, siteOfHost } from '../config/site.js';
import { readCookies } from '../session/cookie-header.js';

/** What tells two cookies of one name and path apart. */
interface Variant {
  /** undefined: on this host alone. */
  readonly domain: string | undefined;
  readonly partitioned: boolean;
}

/** A sign-in sets a cookie beside whatever came; the others replace or end the session that came. */
const signsIn = /^\/sign-(?:in|up)\//;
const endsSession = /^\/(?:sign-out|change-password|delete-user|revoke-sessions?)$/;

/**
 * Adds `Set-Cookie` lines that expire every variant of the session cookie but the one this configuration sets, where
 * the answer signs in or out. An ordinary answer stays as it is: at a sign-in no cookie came, elsewhere one.
 */
export function expireVariants(req: Request, answer: Response, config: Config): void {
  const endpoint = req.path.slice(authBasePath.length);
  const { sessionCookieName, dontRememberCookieName } = config.cookies;
  const came = readCookies(req.headers.cookie ?? '').map(({ name }) => name);
  const count = came.filter((name) => name === sessionCookieName).length;
  const isDue = signsIn.test(endpoint) ? count > 0 : endsSession.test(endpoint) && count > 1;
  const own = answer.headers.getSetCookie();
  if (!isDue || !own.some((line) => line.startsWith(`${sessionCookieName}=`))) return;
  const names = [sessionCookieName, dontRememberCookieName].filter((name) => came.includes(name));
  const expiring = names.flatMap((name) =>
    otherVariants(config).map((variant) => expiringLine(name, variant, config.cookies.secure)),
  );
  // First, because a browser that knows no Partitioned takes two variants for one, and the last line wins.
  answer.headers.delete('set-cookie');
  for (const line of [...expiring, ...own]) answer.headers.append('set-cookie', line);
}

function otherVariants({ baseUrl, cookies }: Config): Variant[] {
  const domains = [undefined, ...cookieDomains(new URL(baseUrl).hostname)];
  const partitions = cookies.secure ? [false, true] : [false]; // Partitioned takes Secure
  return domains
    .flatMap((domain) => partitions.map((partitioned) => ({ domain, partitioned })))
    .filter((one) => one.domain !== cookies.domain || one.partitioned !== cookies.partitioned);
}

/** What `COOKIE_DOMAIN` may have been: the host and its parents down to the registrable domain; none for an address. */
function cookieDomains(host: string): string[] {
  const isDomain = host.includes('.') && !isIP(host) && !isPublicSuffix(host);
  if (!isDomain) return [];
  const site = siteOfHost(host);
  const labels = host.slice(0, -site.length).split('.').filter(Boolean);
  return [...labels.map((_, index) => [...labels.slice(index), site].join('.')), site];
}

function expiringLine(name: string, { domain, partitioned }: Variant, secure: boolean): string {
  const attributes = [
    'Max-Age=0',
    domain !== undefined && `Domain=${domain}`,
    'Path=/',
    'HttpOnly',
    secure && 'Secure',
    // None: an answer to a page of another site may set no other.
    `SameSite=${secure ? 'None' : 'Lax'}`,
    partitioned && 'Partitioned',
  ];
  return [`${name}=`, ...attributes.filter(Boolean)].join('; ');
}
