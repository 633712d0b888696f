/** Three ways to place site, auth service and API on hosts, and the settings that each requires. */

export interface Topology {
  /** As in the table of docs/browsers.md. */
  readonly name: string;
  readonly hosts: { readonly site: string; readonly auth: string; readonly api: string };
  /** The API's path on its host. */
  readonly apiPath: string;
  /** The service's variables, in addition to its URL and the site's origin. */
  readonly service: Readonly<Record<string, string>>;
  /** The variables of the example's API. */
  readonly api: Readonly<Record<string, string>>;
  /** The variables of the example site's build. */
  readonly site: Readonly<Record<string, string>>;
}

// `.test` is reserved (RFC 6761) and not in the public suffix list: a name directly below it is a registrable domain.

export const threeDomains: Topology = {
  name: 'three domains',
  hosts: { site: 'docs.textbook.test', auth: 'auth.accounts.test', api: 'api.exercises.test' },
  apiPath: '',
  service: { BEARER_TOKENS: 'on', JWT_TOKENS: 'on' },
  api: { AUTH_MODE: 'jwt' },
  site: { API_CREDENTIAL: 'jwt', BEARER_TOKEN: 'session-storage' },
};

export const oneDomain: Topology = {
  name: 'three hosts of one domain',
  hosts: { site: 'docs.campus.test', auth: 'auth.campus.test', api: 'api.campus.test' },
  apiPath: '',
  service: { COOKIE_DOMAIN: 'campus.test' },
  api: {},
  site: {},
};

export const oneHost: Topology = {
  name: 'one host, reverse proxy',
  hosts: { site: 'one.school.test', auth: 'one.school.test', api: 'one.school.test' },
  apiPath: '/textbook-api',
  service: {},
  api: {},
  site: {},
};

export const topologies: readonly Topology[] = [threeDomains, oneDomain, oneHost];

/** Below tests/browsers: what the browsers did in this topology. */
export function observedFileOf({ name }: Topology): string {
  return `observed-credentials/${name.replaceAll(/\W+/g, '-')}.json`;
}
