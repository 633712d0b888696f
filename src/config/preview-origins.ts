/**
 * Reads `PREVIEW_ORIGINS`: origins of the sites' previews, each with one `*` for the part that Vercel generates. All
 * matching pages can read sessions, so wildcards are allowed only in previews and must not match other people's projects.
 */
import type { Finding } from './finding.js';
import { isSharedHost, siteOfHost } from './site.js';
import { splitList } from './split-list.js';
import { readOrigin } from './urls.js';

export interface PreviewOrigins {
  readonly exact: readonly string[];
  /** Each with one `*`. */
  readonly patterns: readonly string[];
}

const variable = 'PREVIEW_ORIGINS';
/** Replaces `*` while the entry is parsed as a URL. */
const placeholder = 'anything0at0all';

/** @param ownOrigins the preview's own origins; undefined if this is not a preview */
export function readPreviewOrigins(
  value: string | undefined,
  ownOrigins: readonly string[] | undefined,
  findings: Finding[],
): PreviewOrigins {
  const none = { exact: [], patterns: [] };
  if (value === undefined) return none;
  const add = (level: Finding['level'], code: string, message: string, fix: string) =>
    findings.push({ level, code: `${variable}_${code}`, variable, message, fix });
  if (ownOrigins === undefined) {
    const fix = 'set it only for Preview; it has no effect here';
    add('info', 'IGNORED', 'is only used in previews on Vercel (VERCEL_ENV=preview)', fix);
    return none;
  }
  const exact: string[] = [];
  const patterns: string[] = [];
  for (const entry of splitList(value)) {
    const stars = entry.split('*').length - 1;
    if (stars > 1) {
      add('error', 'WILDCARD', 'has an entry with more than one *', 'use one in each entry');
      continue;
    }
    if (stars === 1 && /[^ -~]/.test(entry)) {
      // Punycode would encode the whole label, including the *.
      add('error', 'INVALID', 'has non-ASCII letters in a label with *', 'use an ASCII label');
      continue;
    }
    const rules = { variable, code: variable, isProduction: true };
    const origin = readOrigin(entry.replace('*', placeholder), rules, findings);
    if (origin === undefined) continue;
    if (stars === 0) exact.push(origin);
    else if (isTooBroad(new URL(origin).hostname)) {
      const fix =
        'use https://<project>-*-<team>.vercel.app, or put the * below your own domain, combined with other characters or below its first level';
      add('error', 'TOO_WIDE', 'has a pattern that matches other people’s projects', fix);
    } else if (belongsToAnotherTeam(new URL(origin).hostname, ownOrigins)) {
      const fix = 'end it with the complete team name, as in the preview’s own URLs';
      add('warn', 'OTHER_TEAM', 'has a pattern of another team, which is ignored', fix);
    } else patterns.push(origin.replace(placeholder, '*'));
  }
  if (
    patterns.some((pattern) =>
      siteOfHost(new URL(pattern.replace('*', placeholder)).hostname).includes(placeholder),
    )
  ) {
    const message = 'trusts names below vercel.app, where anyone can register a matching name';
    const fix =
      'keep production users and secrets out of previews, or use your own domain for previews (Preview Deployment Suffix)';
    add('info', 'SHARED_HOST', message, fix);
  }
  return { exact, patterns };
}

/** `<project>-*-<team>`: generated names are `<project>-<hash>-<team>` and `<project>-git-<branch>-<team>`. */
const singleProjectPattern = new RegExp(
  `^[a-z0-9][a-z0-9-]*-${placeholder}-[a-z0-9][a-z0-9-]*\\.vercel\\.app$`,
);

function isTooBroad(host: string): boolean {
  const site = siteOfHost(host);
  // In the public suffix or directly before it: matching names may belong to anyone.
  if (site.includes(placeholder)) return !singleProjectPattern.test(host);
  // Matches every host of a domain, including forgotten and third-party ones. On a shared host each customer has one project.
  return host === `${placeholder}.${site}` && !isSharedHost(host);
}

const shared = '.vercel.app';

/**
 * The preview's two names, `<project>-git-<branch>-<team>` and `<project>-<hash>-<team>`, have only the team as a common
 * suffix. A shorter suffix, such as `-team` for the team `my-team`, would also match other teams' projects.
 */
function belongsToAnotherTeam(host: string, ownOrigins: readonly string[]): boolean {
  const own = ownOrigins.map((origin) => new URL(origin).hostname);
  if (!siteOfHost(host).includes(placeholder) || !own.every((name) => name.endsWith(shared)))
    return false;
  const [ending = ''] = host.split(placeholder).slice(1);
  const [first, second] = own;
  if (first === undefined) return false;
  if (second === undefined) return !first.endsWith(ending);
  let length = shared.length;
  while (length < first.length && first.at(-length - 1) === second.at(-length - 1)) length += 1;
  const common = first.slice(-length);
  return !ending.endsWith(common.slice(common.indexOf('-')));
}
