/**
 * Which pages can use the passkeys of a relying party ID (WebAuthn level 3, sections 5.1.2 and 5.11): pages on its domain,
 * and those of the related origins that its `/.well-known/webauthn` lists.
 */
import { isIP } from 'node:net';
import { getDomainWithoutSuffix } from 'tldts';
import type { Finding } from '../../config/finding.js';
import { isLoopbackHost, isPublicSuffix, siteOfHost } from '../../config/site.js';

/** Browsers read no more registrable domain labels of the list than this; those after it count as not listed. */
const maximumLabels = 5;

/** Whether browsers accept the text as a relying party ID. */
export function isRpId(text: string): boolean {
  if (text.length > 253 || isIP(text) !== 0 || !/[a-z]/.test(text)) return false;
  const isDomain = text
    .split('.')
    .every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  return isDomain && (text === 'localhost' || !isPublicSuffix(text));
}

/**
 * The pages on which users sign in: the trusted origins besides the service's own, or that one if there is no other.
 * Native applications are no pages: their systems have lists of their own.
 */
export function pagesOf(baseUrl: string, trustedOrigins: readonly string[]): readonly string[] {
  const others = trustedOrigins.filter(
    (origin) => origin !== baseUrl && /^https?:\/\//.test(origin),
  );
  return others.length === 0 ? [baseUrl] : others;
}

/** The domain that all pages share; undefined if they are on several sites, where a guess would bind passkeys to the wrong one. */
export function defaultRpId(pages: readonly string[]): string | undefined {
  const [site, another] = new Set(pages.map((page) => siteOfHost(new URL(page).hostname)));
  return site !== undefined && another === undefined && isRpId(site) ? site : undefined;
}

/** The pages to list at `/.well-known/webauthn`. */
export function relatedOriginsOf(rpId: string, pages: readonly string[]): string[] {
  return pages.filter((page) => page.startsWith('https:') && !isBelow(page, rpId));
}

/** What prevents pages from using passkeys, for the startup report. */
export function checkPages(rpId: string, baseUrl: string, pages: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  const warn = (code: string, variable: string, message: string, fix: string) =>
    findings.push({ level: 'warn', code, variable, message, fix });
  const isLocal = (page: string) => isLoopbackHost(new URL(page).hostname);
  const overHttp = pages.filter((page) => page.startsWith('http:'));
  const insecure = overHttp.filter((page) => !isLocal(page));
  // No list can help: browsers accept only https there.
  const foreign = overHttp.filter((page) => isLocal(page) && !isBelow(page, rpId));
  const related = relatedOriginsOf(rpId, pages);
  if (insecure.length > 0) {
    warn(
      'PASSKEY_ORIGIN_INSECURE',
      'BETTER_AUTH_TRUSTED_ORIGINS',
      `holds ${insecure.join(' and ')}: browsers offer passkeys over https only`,
      'use https, or http://localhost for development',
    );
  }
  if (foreign.length > 0) {
    warn(
      'PASSKEY_ORIGIN_UNUSABLE',
      'RP_ID',
      `is ${rpId}, which no browser accepts on ${foreign.join(' and ')}`,
      'set RP_ID=localhost for development on this machine, and open the page at localhost',
    );
  }
  if (insecure.length + foreign.length === pages.length) {
    warn(
      'PASSKEYS_UNUSABLE',
      'RP_ID',
      `is ${rpId}, which no browser accepts on any trusted origin`,
      'set the domain of a page in BETTER_AUTH_TRUSTED_ORIGINS, or a parent domain of it',
    );
  }
  if (related.length > 0) findings.push(...checkRelatedOrigins(rpId, baseUrl, related));
  return findings;
}

function checkRelatedOrigins(rpId: string, baseUrl: string, related: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  const list = `https://${rpId}/.well-known/webauthn`;
  const isServedHere = baseUrl === `https://${rpId}`;
  findings.push({
    level: isServedHere ? 'info' : 'warn',
    code: isServedHere ? 'PASSKEY_RELATED_ORIGINS' : 'PASSKEY_RELATED_ORIGINS_ELSEWHERE',
    variable: 'RP_ID',
    message: `is ${rpId}, and ${related.join(' and ')} ${related.length === 1 ? 'is' : 'are'} elsewhere: passkeys work there only in browsers that know related origins, and only if ${list} lists ${related.length === 1 ? 'it' : 'them'}`,
    fix: isServedHere
      ? 'none: this service serves the list'
      : `serve at ${list} what this service has at ${baseUrl}/.well-known/webauthn, or set RP_ID to the host of BETTER_AUTH_URL before the first passkey exists`,
  });
  const labels = [...new Set(related.map(labelOf))];
  const ignored = labels.slice(maximumLabels);
  if (ignored.length > 0) {
    findings.push({
      level: 'warn',
      code: 'PASSKEY_RELATED_ORIGINS_LIMIT',
      variable: 'BETTER_AUTH_TRUSTED_ORIGINS',
      message: `holds related origins with ${labels.length} registrable domain labels, and browsers read ${maximumLabels}: passkeys do not work on ${related.filter((origin) => ignored.includes(labelOf(origin))).join(' and ')}`,
      fix: 'list the most important origins first, or use fewer domains',
    });
  }
  return findings;
}

/** `example` of `www.example.co.uk`; the host itself where there is no registrable domain. */
function labelOf(origin: string): string {
  const { hostname } = new URL(origin);
  const options = { allowPrivateDomains: true, extractHostname: false };
  return getDomainWithoutSuffix(hostname, options) ?? hostname;
}

function isBelow(page: string, domain: string): boolean {
  const { hostname } = new URL(page);
  return hostname === domain || hostname.endsWith(`.${domain}`);
}
