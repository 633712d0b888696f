/** What a site may set in docusaurus.config, checked when the site is built. */
import { readAuthUrl } from './auth-url.js';
import { isProtectedPath, readProtectedPaths } from './protected-paths.js';

export interface AuthOptions {
  /** The origin of the auth service. */
  readonly authUrl: string;
  readonly signInPath: string;
  readonly signUpPath: string;
  readonly accountPath: string;
  /** Where a visitor goes after signing in, if not back to the page that asked for it. */
  readonly afterSignInPath: string;
  /** Where a bearer token is kept in a browser that refuses the cookie; `off` uses none. */
  readonly bearerToken: 'memory' | 'session-storage' | 'off';
  /**
   * How `useAuthFetch` tells an API who calls: by the auth service's cookie, which needs one site, or by a JSON Web Token
   * of the auth service, which works from anywhere.
   */
  readonly apiCredential: 'cookie' | 'jwt';
  /** Origins besides the auth service that `useAuthFetch` sends the sign-in to. */
  readonly apiOrigins: readonly string[];
  /**
   * Pages for signed-in readers, like `/docs/members/**`, without `baseUrl`. The others are led to the sign-in page. The
   * text is in the site's public files all the same.
   */
  readonly protectedPaths?: readonly string[];
}

export type AuthPluginOptions = Partial<AuthOptions> & Pick<AuthOptions, 'authUrl'>;

const defaults = {
  signInPath: '/sign-in',
  signUpPath: '/sign-up',
  accountPath: '/account',
  afterSignInPath: '/',
  bearerToken: 'memory',
  apiCredential: 'cookie',
  apiOrigins: [],
} as const satisfies Omit<AuthOptions, 'authUrl'>;

const pathNames = ['signInPath', 'signUpPath', 'accountPath', 'afterSignInPath'] as const;
const bearerModes: readonly unknown[] = ['memory', 'session-storage', 'off'];
const apiCredentials: readonly unknown[] = ['cookie', 'jwt'];

/** @throws Error with one sentence that names the option */
export function readOptions(given: Readonly<Record<string, unknown>>): AuthOptions {
  const known = ['authUrl', ...Object.keys(defaults), 'protectedPaths'];
  // Docusaurus itself gives every plugin an id.
  const unknown = Object.keys(given).find((name) => name !== 'id' && !known.includes(name));
  if (unknown !== undefined) {
    throw new Error(`There is no option ${unknown}: there are ${known.join(', ')}.`);
  }
  const options = { ...defaults, ...given, authUrl: readAuthUrl(given.authUrl) } as AuthOptions;
  for (const name of pathNames) checkPath(name, options[name]);
  checkDistinct(options);
  if (!bearerModes.includes(options.bearerToken)) {
    throw new Error(`bearerToken is none of ${bearerModes.join(', ')}.`);
  }
  if (!apiCredentials.includes(options.apiCredential)) {
    throw new Error(`apiCredential is none of ${apiCredentials.join(', ')}.`);
  }
  const apiOrigins = readOrigins(options.apiOrigins);
  // Without an origin no call would carry the token, and every API would answer 401 without saying why.
  if (options.apiCredential === 'jwt' && apiOrigins.length === 0) {
    throw new Error(
      "apiCredential is jwt, so name your APIs in apiOrigins, like ['https://api.example.com'].",
    );
  }
  if (options.protectedPaths === undefined) return { ...options, apiOrigins };
  const protectedPaths = readProtectedPaths(options.protectedPaths);
  // Nobody could sign in any more.
  const locked = (['signInPath', 'signUpPath'] as const).find((name) =>
    isProtectedPath(options[name], protectedPaths, '/'),
  );
  if (locked !== undefined) {
    throw new Error(`protectedPaths holds ${locked} (${options[locked]}), which must stay open.`);
  }
  return { ...options, apiOrigins, protectedPaths };
}

/** Of two pages at one path Docusaurus would show one; and nobody stays on a form that he has filled in. */
function checkDistinct(options: AuthOptions): void {
  const names = new Map<string, string>();
  for (const name of ['signInPath', 'signUpPath', 'accountPath', 'afterSignInPath'] as const) {
    const path = options[name].toLowerCase().replace(/(.)\/+$/, '$1');
    const other = names.get(path);
    const isAccountAfterwards = name === 'afterSignInPath' && other === 'accountPath';
    if (other !== undefined && !isAccountAfterwards) {
      throw new Error(`${other} and ${name} are both ${path}: give each a path of its own.`);
    }
    names.set(path, name);
  }
}

function checkPath(name: string, path: unknown): void {
  if (typeof path !== 'string' || !/^\/(?![/\\])[^?#]*$/.test(path)) {
    throw new Error(`${name} is not a path of this site that begins with /, like /sign-in.`);
  }
}

function readOrigins(origins: unknown): string[] {
  const isOrigin = (value: unknown): value is string =>
    typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value;
  if (!Array.isArray(origins) || !origins.every(isOrigin)) {
    throw new Error(
      "apiOrigins is not a list of origins like ['https://api.example.com'], without a slash at the end.",
    );
  }
  return origins;
}
