/** What the command was told. Knows no secret: the one it needs comes from the environment. */
import { isIP } from 'node:net';
import { parseArgs } from 'node:util';

export interface Options {
  /** The service's origin, as browsers call it. */
  readonly authUrl: string;
  /** Origins of the pages that call it; exact, at least one. */
  readonly origins: readonly string[];
  /** A route of the API that needs a signed-in caller. */
  readonly apiUrl: string | undefined;
  readonly probeUser: boolean;
  readonly probeRateLimits: boolean;
  /** Other deployments' origins. */
  readonly compare: readonly string[];
  /** Addresses of this machine to ask from. */
  readonly localAddresses: readonly string[];
  readonly json: boolean;
}

/** The command line cannot be read; the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `auth-service-doctor: examines a running deployment of the auth service from outside.

  auth-service-doctor --auth-url URL --origin URL [options]

  --auth-url URL         where browsers call the service, like https://auth.example.com
  --origin URL           a site that calls it, like https://docs.example.com; once for each
  --api-url URL          a route of your API that needs a signed-in caller, like https://api.example.com/me
  --probe-user           sign a throw-away user up, examine its cookies, and delete it again;
                         examines the rate limits too
  --probe-rate-limits    examine the rate limits: about 260 requests within a few seconds
  --local-address IP     an address of this machine to ask from; twice, to be two clients
  --compare URL          another deployment that should share sessions with this one; once for each
  --json                 one JSON document instead of the checklist
  --help                 this text

Environment: DIAGNOSTICS_TOKEN, the value set on the deployments, adds what they tell of themselves and is what
--compare needs. NO_COLOR, FORCE_COLOR. NODE_EXTRA_CA_CERTS for an authority of your own.

Exit status: 0 all is well (a ! may remain), 1 something is to be changed (✗), 2 not everything could be examined (–).
`;

/**
 * @returns undefined where help is asked for
 * @throws UsageError
 */
export function readOptions(args: readonly string[]): Options | undefined {
  const values = parse(args);
  if (values.help === true) return undefined;
  const [authUrl] = [values['auth-url']].flat();
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
    authUrl: originOf('--auth-url', authUrl),
    origins: [...new Set(origins.map((origin) => originOf('--origin', origin)))],
    apiUrl: apiUrl === undefined ? undefined : urlOf('--api-url', apiUrl).href,
    probeUser: values['probe-user'] === true,
    probeRateLimits: values['probe-rate-limits'] === true || values['probe-user'] === true,
    compare: (values.compare ?? []).map((url) => originOf('--compare', url)),
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
        'api-url': { type: 'string' },
        'probe-user': { type: 'boolean' },
        'probe-rate-limits': { type: 'boolean' },
        'local-address': { type: 'string', multiple: true },
        compare: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'cannot be read');
  }
}

function originOf(option: string, value: string): string {
  const url = urlOf(option, value);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new UsageError(`${option} is more than scheme, host and port: cut it after the host`);
  }
  return url.origin;
}

function urlOf(option: string, value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new UsageError(`${option} is not a URL like https://auth.example.com`);
  }
  // What stands there is a password, and would be printed.
  if (url.username + url.password !== '')
    throw new UsageError(`${option} holds a user or password`);
  return url;
}
