/** The three ways to spread site, auth service and API over hosts, and the settings that each of them takes. */

export interface Topology {
  /** As the table in docs/browsers.md calls it. */
  readonly name: string;
  readonly hosts: { readonly site: string; readonly auth: string; readonly api: string };
  /** Under which path of its host the API stands. */
  readonly apiPath: string;
  /** What the service is given beside its URL and the site's origin. */
  readonly service: Readonly<Record<string, string>>;
  /** What the example's API is given. */
  readonly api: Readonly<Record<string, string>>;
  /** What the example's site is built with. */
  readonly site: Readonly<Record<string, string>>;
}

export const oneHost: Topology = {
  name: 'one host, reverse proxy',
  hosts: { site: 'one.school.test', auth: 'one.school.test', api: 'one.school.test' },
  apiPath: '/textbook-api',
  service: {},
  api: {},
  site: {},
};

/** `.test` is nobody's (RFC 6761), and not a public suffix: what stands before it is a registrable domain. */
export const topologies: readonly Topology[] = [
  {
    name: 'three domains',
    hosts: { site: 'docs.textbook.test', auth: 'auth.accounts.test', api: 'api.exercises.test' },
    apiPath: '',
    service: { BEARER_TOKENS: 'on', JWT_TOKENS: 'on' },
    api: { AUTH_MODE: 'jwt' },
    site: { API_CREDENTIAL: 'jwt', BEARER_TOKEN: 'session-storage' },
  },
  {
    name: 'three hosts of one domain',
    hosts: { site: 'docs.campus.test', auth: 'auth.campus.test', api: 'api.campus.test' },
    apiPath: '',
    service: { COOKIE_DOMAIN: 'campus.test' },
    api: {},
    site: {},
  },
  oneHost,
];
