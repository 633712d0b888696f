/** Reads the service's own URL and the origins of the sites that may call it with credentials. */
import { isAppOrigin } from './app-origin.js';
import type { Environment } from './environment.js';
import type { Finding } from './finding.js';
import { isLoopbackHost } from './site.js';
import { splitList } from './split-list.js';

/**
 * Reads `BETTER_AUTH_URL` as an origin such as `https://auth.example.com`.
 * @param local.ownOrigin the default in a preview
 * @returns undefined, with a finding, if there is no valid URL
 */
export function readBaseUrl(
  env: Environment,
  local: { isProduction: boolean; port: number; ownOrigin: string | undefined },
  findings: Finding[],
): string | undefined {
  const variable = 'BETTER_AUTH_URL';
  const value = env[variable];
  if (value === undefined && local.ownOrigin !== undefined) return local.ownOrigin;
  if (value === undefined) {
    const fallback = `http://localhost:${local.port}`;
    findings.push({
      level: local.isProduction ? 'error' : 'info',
      code: 'BASE_URL_MISSING',
      variable,
      message: local.isProduction
        ? 'is not set: cookie names, attributes and the origin check depend on it'
        : `is not set, so ${fallback} is used`,
      fix: 'set it to the URL that browsers call, such as https://auth.example.com; only previews on Vercel detect their own, if system environment variables are exposed',
    });
    return local.isProduction ? undefined : fallback;
  }
  return readOrigin(value, { variable, code: 'BASE_URL', ...local }, findings);
}

/**
 * Reads `BETTER_AUTH_TRUSTED_ORIGINS`, comma-separated.
 * @param own the service's own origins, which are always trusted
 */
export function readTrustedOrigins(
  env: Environment,
  own: readonly string[],
  local: { isProduction: boolean },
  findings: Finding[],
): string[] {
  const variable = 'BETTER_AUTH_TRUSTED_ORIGINS';
  const origins = splitList(env[variable])
    .map((entry) =>
      isAppOrigin(entry)
        ? entry
        : readOrigin(entry, { variable, code: 'ORIGIN', ...local }, findings),
    )
    .filter((origin) => origin !== undefined);
  return [...new Set([...own, ...origins])];
}

interface OriginRules {
  variable: string;
  /** Prefix of the finding's code, such as `BASE_URL`. */
  code: string;
  isProduction: boolean;
}

/** Reads one exact origin. @returns undefined, with a finding, if it is invalid */
export function readOrigin(
  value: string,
  rules: OriginRules,
  findings: Finding[],
): string | undefined {
  const { variable } = rules;
  const add = (level: Finding['level'], code: string, message: string, fix: string) =>
    findings.push({ level, code: `${rules.code}_${code}`, variable, message, fix });
  if (value.includes('*')) {
    // Any page that matches a wildcard could read sessions; credentials require exact origins (ASVS 3.4.2).
    add('error', 'WILDCARD', 'has a wildcard', 'list each origin in full');
    return undefined;
  }
  const url = URL.canParse(value) ? new URL(value) : undefined;
  // URL removes newlines and tabs, which an Origin header never has.
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || /\s/.test(value)) {
    const app = rules.code === 'ORIGIN' ? ', or an application’s as myapp://' : '';
    add('error', 'INVALID', whatIsInvalid(value), `write it as https://www.example.com${app}`);
    return undefined;
  }
  if (
    url.username + url.password !== '' ||
    url.search !== '' ||
    url.hash !== '' ||
    url.pathname !== '/'
  ) {
    add(
      'error',
      'HAS_PATH',
      'has more than scheme, host and port',
      'remove everything after host and port',
    );
    return undefined;
  }
  if (value.endsWith('/')) {
    add('warn', 'TRAILING_SLASH', 'ends with a slash, which was removed', 'remove the slash');
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    const level = rules.isProduction ? 'error' : 'warn';
    add(level, 'NOT_HTTPS', 'is http, so the cookies can be intercepted', 'use https');
  } else if (rules.isProduction && rules.code === 'BASE_URL' && isLoopbackHost(url.hostname)) {
    const fix = 'set it to the URL that browsers call, unless you are testing the build';
    add('warn', 'LOOPBACK', 'is the local machine, which users cannot reach', fix);
  }
  return url.origin;
}

/** Describes faults that are easy to overlook; never echoes the value. */
function whatIsInvalid(value: string): string {
  if (/["'`\u2018-\u201d]/.test(value)) return 'has a quote';
  if (/\s/.test(value)) return 'has white space';
  return 'is not an http or https URL';
}
