/** Reports that a setting changed the session cookie: browsers keep the previous cookie until it expires. */
import type { Config } from '../config/config.js';
import { describeCookie } from '../config/cookie-policy.js';
import { foreignOrigins } from '../config/cross-site-origin.js';
import type { Finding } from '../config/finding.js';
import type { EarlierCookie } from '../db/cookie-history.js';

const variableOf = {
  name: 'BETTER_AUTH_URL',
  Domain: 'COOKIE_DOMAIN',
  SameSite: 'BETTER_AUTH_TRUSTED_ORIGINS',
} as const;

/** As stored with a canary. */
export function cookiePolicyText({ cookies }: Pick<Config, 'cookies'>): string {
  const { name, attributes } = describeCookie(cookies);
  return `${name}; ${attributes}`;
}

/** A finding for each setting that changed it; `info`, because a sign-in or sign-out removes the previous cookie. */
export function movedCookieFindings(config: Config, earlier: EarlierCookie): Finding[] {
  const before = partsOf(earlier.policy);
  const now = partsOf(cookiePolicyText(config));
  const moved = (['name', 'Domain', 'SameSite'] as const).filter(
    (part) => before[part] !== now[part],
  );
  return moved.map((part) => ({
    level: 'info',
    code: 'COOKIE_POLICY_CHANGED',
    variable: variableOf[part],
    message: `changed the session cookie: until ${earlier.usedAt.toISOString()} it had ${shown(part, before)}, now ${shown(part, now)}${cause(part, config)}; browsers keep both until the next sign-in or sign-out`,
    fix: 'nothing if this was intended: of several cookies, the one with a live session is used; otherwise revert the change',
  }));
}

type Parts = Readonly<Record<keyof typeof variableOf, string>>;

function partsOf(policy: string): Parts {
  const [name = '', ...attributes] = policy.split('; ');
  const valueOf = (key: string) =>
    attributes.find((one) => one.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
  return { name, Domain: valueOf('Domain'), SameSite: valueOf('SameSite') };
}

function shown(part: keyof Parts, parts: Parts): string {
  if (part === 'name') return `the name ${parts.name}`;
  if (part === 'Domain' && parts.Domain === '') return 'no Domain';
  const partitioned = part === 'SameSite' && parts.SameSite === 'None' ? '; Partitioned' : '';
  return `${part}=${parts[part]}${partitioned}`;
}

/** Names the origins that require a cross-site cookie. */
function cause(part: keyof Parts, { baseUrl, trustedOrigins, cookies }: Config): string {
  if (part !== 'SameSite' || !cookies.partitioned) return '';
  const origins = foreignOrigins(baseUrl, trustedOrigins);
  return origins.length === 0 ? '' : `, because ${origins.join(' and ')} is on another site`;
}
