/**
 * Reads `PREVIEW_ORIGINS`: where the sites' own previews stand, each with one `*` for what Vercel makes up. A wildcard
 * lets every page under it read sessions, so it is honoured in previews alone and must not fit a stranger's project.
 */
import type { Finding } from './finding.js';
import { isSharedHost, siteOfHost } from './site.js';
import { readOrigin } from './urls.js';

export interface PreviewOrigins {
  readonly exact: readonly string[];
  /** Each with one `*`. */
  readonly patterns: readonly string[];
}

const variable = 'PREVIEW_ORIGINS';
/** Stands for `*` while the rest is read as a URL, which lower-cases and checks it. */
const stand = 'anything0at0all';

/** @param ownOrigins the preview's own; undefined when this is no preview */
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
    const fix = 'set it for Preview alone; nothing depends on it here';
    add('info', 'IGNORED', 'is honoured in previews on Vercel alone (VERCEL_ENV=preview)', fix);
    return none;
  }
  const entries = value.split(',').map((entry) => entry.trim());
  const exact: string[] = [];
  const patterns: string[] = [];
  for (const entry of entries.filter((text) => text !== '')) {
    const stars = entry.split('*').length - 1;
    if (stars > 1) {
      add('error', 'WILDCARD', 'holds an entry with more than one *', 'leave one in each entry');
      continue;
    }
    if (stars === 1 && /[^ -~]/.test(entry)) {
      // Such a label is spelt anew as a whole, the * in it as well.
      add('error', 'INVALID', 'holds letters outside ASCII beside a *', 'use a label without them');
      continue;
    }
    const rules = { variable, code: variable, isProduction: true };
    const origin = readOrigin(entry.replace('*', stand), rules, findings);
    if (origin === undefined) continue;
    if (stars === 0) exact.push(origin);
    else if (isTooWide(new URL(origin).hostname)) {
      const fix =
        'write https://<project>-*-<team>.vercel.app, or put the * below a domain of your own, beside other letters or deeper than its first level';
      add('error', 'TOO_WIDE', 'holds a pattern that fits projects of strangers', fix);
    } else if (isOfAnotherTeam(new URL(origin).hostname, ownOrigins)) {
      const fix = 'end it with the team that stands in the preview’s own URLs, and nothing shorter';
      add('warn', 'OTHER_TEAM', 'holds a pattern of another team, which is passed over', fix);
    } else patterns.push(origin.replace(stand, '*'));
  }
  if (
    patterns.some((pattern) =>
      siteOfHost(new URL(pattern.replace('*', stand)).hostname).includes(stand),
    )
  ) {
    const message =
      'trusts names below vercel.app, where whoever comes first gets a name that fits';
    const fix =
      'keep users and secrets of production away from previews, or give previews a domain of your own (Preview Deployment Suffix)';
    add('info', 'SHARED_HOST', message, fix);
  }
  return { exact, patterns };
}

/** `<project>-*-<team>`: generated names are `<project>-<hash>-<team>` and `<project>-git-<branch>-<team>`. */
const ofOneProject = new RegExp(`^[a-z0-9][a-z0-9-]*-${stand}-[a-z0-9][a-z0-9-]*\\.vercel\\.app$`);

function isTooWide(host: string): boolean {
  const site = siteOfHost(host);
  // Within the public suffix or directly before it: each name that fits may be somebody else's.
  if (site.includes(stand)) return !ofOneProject.test(host);
  // Every host of a whole domain, the forgotten and the rented out included; a host's customers own one project each.
  return host === `${stand}.${site}` && !isSharedHost(host);
}

const shared = '.vercel.app';

/**
 * The preview's two names, `<project>-git-<branch>-<team>` and `<project>-<hash>-<team>`, end alike in the team alone.
 * A pattern that ends in less, as `-team` for the team `my-team`, would fit projects of the teams that end so too.
 */
function isOfAnotherTeam(host: string, ownOrigins: readonly string[]): boolean {
  const own = ownOrigins.map((origin) => new URL(origin).hostname);
  if (!siteOfHost(host).includes(stand) || !own.every((name) => name.endsWith(shared)))
    return false;
  const [ending = ''] = host.split(stand).slice(1);
  const [first, second] = own;
  if (first === undefined) return false;
  if (second === undefined) return !first.endsWith(ending);
  let length = shared.length;
  while (length < first.length && first.at(-length - 1) === second.at(-length - 1)) length += 1;
  const alike = first.slice(-length);
  return !ending.endsWith(alike.slice(alike.indexOf('-')));
}
