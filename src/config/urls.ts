/** Reads the service's own URL and the origins of the sites that may call it with credentials. */
import { isAppOrigin } from './app-origin.js';
import type { Environment } from './environment.js';
import type { Finding } from './finding.js';
import { isLoopbackHost } from './site.js';

/**
 * Reads `BETTER_AUTH_URL` as an origin such as `https://auth.example.com`.
 * @param local.ownOrigin what a preview goes by where the variable is not set
 * @returns undefined, with the reason added to `findings`, when there is none to go by.
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
        ? 'is not set: cookie names, attributes and the origin check all follow from it'
        : `is not set, so ${fallback} is assumed`,
      fix: 'set it to the URL that browsers call, like https://auth.example.com; only a preview on Vercel knows its own, where system environment variables are exposed',
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
  const entries = (env[variable] ?? '').split(',').map((entry) => entry.trim());
  const origins = entries
    .filter((entry) => entry !== '')
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
  /** Prefix of the finding's code, like `BASE_URL`. */
  code: string;
  isProduction: boolean;
}

/** Reads one exact origin. @returns undefined, with the reason added to `findings`, when it is none */
export function readOrigin(
  value: string,
  rules: OriginRules,
  findings: Finding[],
): string | undefined {
  const { variable } = rules;
  const add = (level: Finding['level'], code: string, message: string, fix: string) =>
    findings.push({ level, code: `${rules.code}_${code}`, variable, message, fix });
  if (value.includes('*')) {
    // A wildcard would let any page under it read sessions; credentials need exact origins (ASVS 3.4.2).
    add('error', 'WILDCARD', 'holds a wildcard', 'list each origin in full');
    return undefined;
  }
  const url = URL.canParse(value) ? new URL(value) : undefined;
  // URL drops newlines and tabs, which no Origin header holds.
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || /\s/.test(value)) {
    const app = rules.code === 'ORIGIN' ? ', or an application’s like myapp://' : '';
    add('error', 'INVALID', whatIsInvalid(value), `write it like https://www.example.com${app}`);
    return undefined;
  }
  if (
    url.username + url.password !== '' ||
    url.search !== '' ||
    url.hash !== '' ||
    url.pathname !== '/'
  ) {
    add('error', 'HAS_PATH', 'holds more than scheme, host and port', `cut it after the host`);
    return undefined;
  }
  if (value.endsWith('/')) {
    add('warn', 'TRAILING_SLASH', 'ends with a slash, which was taken off', 'remove the slash');
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    const level = rules.isProduction ? 'error' : 'warn';
    add(level, 'NOT_HTTPS', 'is http, so anyone on the way reads the cookies', 'use https');
  } else if (rules.isProduction && rules.code === 'BASE_URL' && isLoopbackHost(url.hostname)) {
    const fix = 'set it to the URL that browsers call, unless this is a trial of the build';
    add('warn', 'LOOPBACK', 'names this machine itself, which no visitor can call', fix);
  }
  return url.origin;
}

/** Says what the eye misses; the value itself is never repeated. */
function whatIsInvalid(value: string): string {
  if (/["'`\u2018-\u201d]/.test(value)) return 'holds a quote';
  if (/\s/.test(value)) return 'holds a blank or a newline';
  return 'is not an http or https URL';
}
