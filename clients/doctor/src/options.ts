/** Parses the command line. It contains no secret: DIAGNOSTICS_TOKEN comes from the environment. */
import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { z } from 'zod';

export interface Options {
  /** The service's origin, as browsers call it. */
  readonly authUrl: string;
  /** Exact origins of the pages that call it; at least one. */
  readonly origins: readonly string[];
  /** Pages of the sites that finish sign-ins with a provider, as in `SITE_PAGES`. */
  readonly sitePages: readonly string[];
  /** A route of the API that requires a signed-in caller. */
  readonly apiUrl: string | undefined;
  readonly probeUser: boolean;
  readonly probeRateLimits: boolean;
  /** The operator's own address, to which the deployment is to send a mail. */
  readonly probeMail: string | undefined;
  /** The domain of the deployment's sender address, whose DNS records are checked. */
  readonly mailFrom: string | undefined;
  /** Names under which the sender's domain publishes DKIM keys; common ones are tried if there are none. */
  readonly dkimSelectors: readonly string[];
  /** Origins of other deployments. */
  readonly compare: readonly string[];
  /** Addresses of this machine to connect from. */
  readonly localAddresses: readonly string[];
  readonly json: boolean;
}

/** The command line is invalid; the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `auth-service-doctor: checks a running deployment of the auth service from outside.

  auth-service-doctor --auth-url URL --origin URL [options]

  --auth-url URL         the service's URL as browsers call it, like https://auth.example.com
  --origin URL           a site that calls it, like https://docs.example.com; repeatable
  --site-page URL        a page in SITE_PAGES, which finishes sign-ins with a provider; repeatable
  --api-url URL          a route of your API that requires a signed-in caller, like https://api.example.com/me
  --probe-user           sign up a temporary user, check its cookies and session, and delete it;
                         includes --probe-rate-limits
  --probe-rate-limits    check the rate limits: about 260 requests within a few seconds
  --probe-mail ADDRESS   ask for a password reset of your own account, and find out whether its mail is sent;
                         checks the sender's domain too
  --mail-from DOMAIN     check the SPF, DKIM and DMARC records of this sender's domain
  --dkim-selector NAME   where the domain publishes its DKIM key, s= in a mail's DKIM-Signature; repeatable
  --local-address IP     an address of this machine to connect from; twice, to act as two clients
  --compare URL          another deployment that should share sessions with this one; repeatable
  --json                 print one JSON document instead of the checklist
  --help                 print this text

Environment: DIAGNOSTICS_TOKEN, the value set on the deployments, adds what they report about themselves, the
result of --probe-mail among it, and is required by --compare. NODE_EXTRA_CA_CERTS adds certificate authorities. NO_COLOR and FORCE_COLOR are respected.

Exit status: 0 all checks passed (warnings possible), 1 something must be changed (✗), 2 a check could not be
completed (–) or the command line is invalid.
`;

/** @throws UsageError */
export function readOptions(args: readonly string[]): Options | 'help' {
  const values = parse(args);
  if (values.help === true) return 'help';
  const authUrl = values['auth-url'];
  if (authUrl === undefined) throw new UsageError('--auth-url is missing');
  const origins = values.origin ?? [];
  if (origins.length === 0)
    throw new UsageError('--origin is missing: which site calls the service?');
  const localAddresses = values['local-address'] ?? [];
  for (const address of localAddresses) {
    if (isIP(address) === 0) throw new UsageError('--local-address is not an IP address');
  }
  const apiUrl = values['api-url'];
  return {
    authUrl: readOrigin('--auth-url', authUrl),
    origins: [...new Set(origins.map((origin) => readOrigin('--origin', origin)))],
    sitePages: (values['site-page'] ?? []).map((page) => readPage(page)),
    apiUrl: apiUrl === undefined ? undefined : readUrl('--api-url', apiUrl).href,
    probeUser: values['probe-user'] === true,
    probeRateLimits: values['probe-rate-limits'] === true || values['probe-user'] === true,
    probeMail: readMailAddress(values['probe-mail']),
    mailFrom: readDomain(values['mail-from']),
    dkimSelectors: (values['dkim-selector'] ?? []).map(readSelector),
    compare: (values.compare ?? []).map((url) => readOrigin('--compare', url)),
    localAddresses,
    json: values.json === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        'auth-url': { type: 'string' },
        origin: { type: 'string', multiple: true },
        'site-page': { type: 'string', multiple: true },
        'api-url': { type: 'string' },
        'probe-user': { type: 'boolean' },
        'probe-rate-limits': { type: 'boolean' },
        'probe-mail': { type: 'string' },
        'mail-from': { type: 'string' },
        'dkim-selector': { type: 'string', multiple: true },
        'local-address': { type: 'string', multiple: true },
        compare: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'cannot be parsed');
  }
}

function readPage(value: string): string {
  const url = readUrl('--site-page', value);
  if (url.hash !== '') throw new UsageError('--site-page must not have a fragment');
  return url.href;
}

function readMailAddress(value: string | undefined): string | undefined {
  if (value !== undefined && !z.email().safeParse(value).success) {
    throw new UsageError('--probe-mail is not an address like you@example.com');
  }
  return value;
}

const domainName = /^(?=.{1,253}$)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+$/;

/** @param value a domain, or an address in it */
function readDomain(value: string | undefined): string | undefined {
  const domain = value?.slice(value.lastIndexOf('@') + 1).toLowerCase();
  if (domain !== undefined && !domainName.test(domain)) {
    throw new UsageError('--mail-from is not a domain like example.com');
  }
  return domain;
}

function readSelector(value: string): string {
  if (!/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/i.test(value)) {
    throw new UsageError('--dkim-selector is not a name like selector1');
  }
  return value;
}

function readOrigin(option: string, value: string): string {
  const url = readUrl(option, value);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new UsageError(`${option} must be an origin: remove everything after the host and port`);
  }
  return url.origin;
}

function readUrl(option: string, value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new UsageError(`${option} is not a URL like https://auth.example.com`);
  }
  // They would be printed with the URL.
  if (url.username + url.password !== '')
    throw new UsageError(`${option} must not contain a user name or password`);
  return url;
}
