/** Environment variables → one frozen Config. Parses, validates and derives; no network, and no disk except a file that a variable names. */
import { checkApiUrls, readApiUrls } from './api-urls.js';
import { cleanValues, reportEmptyValues } from './clean-values.js';
import { readCookieDomain, readCookiePolicy, type CookiePolicy } from './cookie-policy.js';
import { checkCrossSiteOrigin } from './cross-site-origin.js';
import { checkDatabaseTls } from './database-url.js';
import { poolerFinding } from './direct-url.js';
import type { Environment } from './environment.js';
import type { FeatureSettings } from '../features/definitions.js';
import { issuesApiCredential, readFeatures, variableFamilies } from './features.js';
import { ConfigurationError, type Finding } from './finding.js';
import { checkClientIpHeader, checkHost, checkProductionUrl } from './platform.js';
import type { SessionLifetime } from '../session/lifetime.js';
import { checkPreviewBaseUrl, readOwnOrigins } from './preview.js';
import { readRateLimits, type RateLimits } from './rate-limits.js';
import { parsedOnce } from './parsed-once.js';
import { readPreviewOrigins } from './preview-origins.js';
import { readKeyRing, type KeyRing } from './secrets.js';
import { readSitePages, type SitePages } from './site-pages.js';
import { readSessionLifetime } from './session-lifetime.js';
import { readBaseUrl, readTrustedOrigins } from './urls.js';
import { familyOf, familyPrefix } from './variable-family.js';
import {
  coreVariables,
  isOperatorVariable,
  operatorVariables,
  platformVariables,
} from './variables.js';

/** The validated configuration. Holds secrets: never log it as a whole. */
export interface Config {
  /** Shown in the startup report; determines strictness, but not security defaults. */
  readonly environment: string;
  readonly isVercel: boolean;
  readonly commit: string | undefined;
  readonly databaseUrl: string;
  /** For migrations: a pooler in transaction mode does not keep advisory locks. */
  readonly directDatabaseUrl: string;
  /** Maximum number of connections. */
  readonly databasePoolSize: number;
  readonly keyRing: KeyRing;
  /** The service's own origin, such as `https://auth.example.com`. */
  readonly baseUrl: string;
  /** The service's own origins: `baseUrl` first, then a preview's URLs on Vercel. */
  readonly ownOrigins: readonly string[];
  /** Exact origins, including the service's own as the first. */
  readonly trustedOrigins: readonly string[];
  /** Origins with one `*`, only in previews; trusted-origin.ts matches them. */
  readonly originPatterns: readonly string[];
  /** Where mailed links lead, by the origin that asked for them. */
  readonly sitePages: SitePages;
  readonly cookies: CookiePolicy;
  readonly sessionLifetime: SessionLifetime;
  readonly rateLimits: RateLimits;
  /** Feature name → its settings; undefined if it is off. */
  readonly features: FeatureSettings;
  readonly logLevel: string;
  /** The address to listen on; undefined: all addresses. */
  readonly host: string | undefined;
  readonly port: number;
  readonly dataDirectory: string;
  /** Lower-case name of the header with the client's address; undefined: use the socket's. */
  readonly clientIpHeader: string | undefined;
  /** Warnings and hints that do not prevent the start. */
  readonly findings: readonly Finding[];
}

/**
 * Reads the configuration and reports all faults together.
 * @param now reference for variables that hold a time
 * @throws ConfigurationError with the name of each invalid variable, never its value
 */
export function readConfig(environment: Environment, now: Date): Config {
  const { env, empty, findings: cleaned } = cleanValues(environment);
  const findings: Finding[] = [...unknownVariables(env), ...cleaned];
  const platform = platformVariables.parse(env, parsedOnce);
  const name = platform.VERCEL_ENV ?? platform.NODE_ENV ?? 'production';
  // Strict by default: a host without NODE_ENV is treated as production.
  const isProduction = name !== 'development' && name !== 'test';
  const issues = operatorVariables.safeParse(env, parsedOnce).error?.issues ?? [];
  for (const { path, message } of issues) findings.push(invalidVariable(String(path[0]), message));
  // Invalid variables count as not set while the rest is read, so that one report has all faults.
  const invalid = issues.map(({ path }) => path[0]);
  const valid = Object.fromEntries(
    Object.entries(env).filter(([variable]) => !invalid.includes(variable)),
  );
  const values = coreVariables.parse(valid, parsedOnce);
  const keyRing = readKeyRing(env, findings);
  const isPreview = platform.VERCEL_ENV === 'preview';
  const ownOrigins = isPreview ? readOwnOrigins(platform, findings) : [];
  const local = { isProduction, port: values.PORT, ownOrigin: ownOrigins[0] };
  const baseUrl = readBaseUrl(env, local, findings);
  if (isPreview && baseUrl) checkPreviewBaseUrl(baseUrl, ownOrigins, platform, findings);
  const preview = readPreviewOrigins(
    env.PREVIEW_ORIGINS,
    isPreview ? ownOrigins : undefined,
    findings,
  );
  const own = baseUrl === undefined ? ownOrigins : [baseUrl, ...ownOrigins];
  const listed = readTrustedOrigins(env, own, { isProduction }, findings);
  const trustedOrigins = [...new Set([...listed, ...preview.exact])];
  const sitePages = readSitePages(values.SITE_PAGES, trustedOrigins, findings);
  const originPatterns = preview.patterns;
  const callers = [
    ...trustedOrigins,
    ...originPatterns.map((pattern) => pattern.replace('*', 'x')),
  ];
  const cookieDomain = readCookieDomain(env.COOKIE_DOMAIN, baseUrl, findings);
  const cookies = baseUrl && readCookiePolicy(baseUrl, callers, cookieDomain, findings);
  const isSet = (variable: string) => env[variable] !== undefined;
  const isOff = (variable: string, byDefault = 'off') => (env[variable] ?? byDefault) === 'off';
  const family = (pattern: string) => familyOf(env, pattern);
  const core = { baseUrl, trustedOrigins, keyRing, isProduction, now, isSet, isOff, family };
  const features = readFeatures(valid, core, findings);
  const rateLimits = readRateLimits(values, isSet, findings);
  const sessionLifetime = readSessionLifetime(values, 'SESSION_IDLE_DAYS' in env, findings);
  if (env.DATABASE_URL === undefined) findings.push(databaseUrlMissing);
  const unpooled = values.DATABASE_URL_UNPOOLED;
  const pooler = unpooled && poolerFinding('DATABASE_URL_UNPOOLED', unpooled);
  if (pooler) findings.push(pooler);
  checkDatabaseTls('DATABASE_URL', values.DATABASE_URL, findings);
  checkDatabaseTls('DATABASE_URL_UNPOOLED', values.DATABASE_URL_UNPOOLED, findings);
  const apiUrls = readApiUrls(values.API_URLS, findings);
  if (baseUrl && cookies) {
    const hasTokens = issuesApiCredential(features);
    checkApiUrls(apiUrls, { baseUrl, cookies, hasTokens }, findings);
  }
  checkProductionUrl(platform, baseUrl, findings);
  if (isProduction) {
    checkClientIpHeader(platform, values.CLIENT_IP_HEADER, findings);
    checkHost(platform, values, findings);
  }
  if (baseUrl && !isPreview) checkCrossSiteOrigin(baseUrl, trustedOrigins, findings);
  reportEmptyValues(findings, empty);
  const isInvalid = findings.some((finding) => finding.level === 'error');
  if (isInvalid || !keyRing || !baseUrl || !cookies || values.DATABASE_URL === undefined) {
    throw new ConfigurationError(findings);
  }
  const isVercel = platform.VERCEL === '1';
  return deepFreeze({
    environment: name,
    isVercel,
    commit: platform.VERCEL_GIT_COMMIT_SHA,
    databaseUrl: values.DATABASE_URL,
    directDatabaseUrl: values.DATABASE_URL_UNPOOLED ?? values.DATABASE_URL,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    keyRing,
    baseUrl,
    ownOrigins: [...new Set([baseUrl, ...ownOrigins])],
    trustedOrigins,
    originPatterns,
    sitePages,
    cookies,
    sessionLifetime,
    rateLimits,
    features,
    logLevel: values.LOG_LEVEL,
    host: values.HOST,
    port: values.PORT,
    dataDirectory: values.DATA_DIR,
    // Vercel overwrites x-real-ip with the client's address; elsewhere no header is trusted by default.
    clientIpHeader: values.CLIENT_IP_HEADER?.toLowerCase() ?? (isVercel ? 'x-real-ip' : undefined),
    findings,
  });
}

/** The configuration is shared by all requests, so it must be immutable. */
function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value) as unknown[]) {
    if (typeof part === 'object' && part !== null) deepFreeze(part);
  }
  return Object.freeze(value);
}

const databaseUrlMissing: Finding = {
  level: 'error',
  code: 'DATABASE_URL_MISSING',
  variable: 'DATABASE_URL',
  message: 'is not set',
  fix: "copy the pooled connection string from Neon's console, or use `npm run dev`, which starts its own database",
};

function invalidVariable(variable: string, message: string): Finding {
  const fix = 'see .env.example for valid values';
  return { level: 'error', code: `${variable}_INVALID`, variable, message, fix };
}

/** Misspelt variables are usually ignored silently, a frequent cause of "but I did set it". */
function unknownVariables(env: Environment): Finding[] {
  const prefixes = [
    'BETTER_AUTH_',
    'COOKIE_',
    'RATE_LIMIT_',
    'LIMIT_',
    ...new Set(Object.keys(variableFamilies).map(familyPrefix)),
  ];
  return Object.keys(env)
    .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)))
    .filter((name) => !isOperatorVariable(name))
    .map((variable) => ({
      level: 'warn',
      code: 'VARIABLE_UNKNOWN',
      variable,
      message: 'is not a variable of this service',
      fix: 'check its spelling against .env.example',
    }));
}
