/**
 * Expires the variants of a cookie that an earlier configuration left in a browser. A browser stores cookies of one name
 * separately per Domain, Path and partition (RFC 6265bis section 5.7), sends all of them, oldest first, and does not send
 * their attributes. So every variant that this service may ever have set is expired.
 */
import { isIP } from 'node:net';
import type { Request } from 'express';
import { authBasePath } from '../auth/auth-constants.js';
import type { Config } from '../config/config.js';
import { isPublicSuffix, siteOfHost } from '../config/site.js';
import { readCookies } from '../session/cookie-header.js';

/** What distinguishes two cookies of the same name and path. */
interface Variant {
  /** undefined: a host-only cookie. */
  readonly domain: string | undefined;
  readonly partitioned: boolean;
}

/** A sign-in adds a cookie to those received; the others replace or end the received session. */
const signsIn = /^\/sign-(?:in|up)\//;
const endsSession = /^\/(?:sign-out|change-password|delete-user(?:\/verify)?|revoke-sessions?)$/;

/**
 * Adds `Set-Cookie` lines that expire every variant of the session cookie except the one of this configuration, if the
 * response signs in or out. The usual case is unchanged: no cookie was received at a sign-in, or one elsewhere.
 */
export function expireVariants(req: Request, response: Response, config: Config): void {
  const endpoint = req.path.slice(authBasePath.length);
  const { sessionCookieName, dontRememberCookieName } = config.cookies;
  const received = readCookies(req.headers.cookie ?? '').map(({ name }) => name);
  const count = received.filter((name) => name === sessionCookieName).length;
  const isDue = signsIn.test(endpoint) ? count > 0 : endsSession.test(endpoint) && count > 1;
  const own = response.headers.getSetCookie();
  if (!isDue || !own.some((line) => line.startsWith(`${sessionCookieName}=`))) return;
  const names = [sessionCookieName, dontRememberCookieName].filter((name) =>
    received.includes(name),
  );
  const expiring = names.flatMap((name) =>
    otherVariants(config).map((variant) => expiringLine(name, variant, config.cookies.secure)),
  );
  // First, because to a browser without support for Partitioned two variants are one cookie, and the last line wins.
  response.headers.delete('set-cookie');
  for (const line of [...expiring, ...own]) response.headers.append('set-cookie', line);
}

function otherVariants({ baseUrl, cookies }: Config): Variant[] {
  const domains = [undefined, ...cookieDomains(new URL(baseUrl).hostname)];
  const partitions = cookies.secure ? [false, true] : [false]; // Partitioned requires Secure
  return domains
    .flatMap((domain) => partitions.map((partitioned) => ({ domain, partitioned })))
    .filter((one) => one.domain !== cookies.domain || one.partitioned !== cookies.partitioned);
}

/** Possible values of `COOKIE_DOMAIN`: the host and its parents up to the registrable domain; none for an IP address. */
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
    // None: browsers accept no other value in a response to a cross-site request.
    `SameSite=${secure ? 'None' : 'Lax'}`,
    partitioned && 'Partitioned',
  ];
  return [`${name}=`, ...attributes.filter(Boolean)].join('; ');
}
