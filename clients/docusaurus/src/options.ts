/** The options that a site sets in docusaurus.config, validated when the site is built. */
import { readAuthUrl } from './auth-url.js';
import { readProfileSchema, type ProfileSchema } from './profile-schema.js';
import { isProtectedPath, readProtectedPaths } from './protected-paths.js';

export interface AuthOptions {
  /** The origin of the auth service. */
  readonly authUrl: string;
  readonly signInPath: string;
  readonly signUpPath: string;
  readonly accountPath: string;
  /** The page that mails a link to choose a new password. */
  readonly forgotPasswordPath: string;
  /** The page that finishes mailed links: list its URL in the service's SITE_PAGES. */
  readonly confirmPath: string;
  /** Where a visitor goes after signing in, unless another page linked to the sign-in page. */
  readonly afterSignInPath: string;
  /** Where a bearer token is kept in a browser that refuses the cookie; `off` disables bearer tokens. */
  readonly bearerToken: 'memory' | 'session-storage' | 'off';
  /**
   * How `useAuthFetch` authenticates to an API: with the auth service's cookie, which works only on the same site, or with
   * a JSON Web Token of the auth service, which works across sites.
   */
  readonly apiCredential: 'cookie' | 'jwt';
  /** The origins of the APIs that `useAuthFetch` sends the credentials to. */
  readonly apiOrigins: readonly string[];
  /**
   * Pages for signed-in readers, like `/docs/members/**`, without `baseUrl`. Other visitors are redirected to the sign-in
   * page. The text is still in the site's public files.
   */
  readonly protectedPaths?: readonly string[];
  /** The JSON Schema of the service's PROFILE_SCHEMA: its fields are on the sign-up and account pages. */
  readonly profileSchema?: ProfileSchema;
}

export type AuthPluginOptions = Partial<AuthOptions> & Pick<AuthOptions, 'authUrl'>;

const defaults = {
  signInPath: '/sign-in',
  signUpPath: '/sign-up',
  accountPath: '/account',
  forgotPasswordPath: '/forgot-password',
  confirmPath: '/auth/confirm',
  afterSignInPath: '/',
  bearerToken: 'memory',
  apiCredential: 'cookie',
  apiOrigins: [],
} as const satisfies Omit<AuthOptions, 'authUrl'>;

const pagePaths = [
  'signInPath',
  'signUpPath',
  'accountPath',
  'forgotPasswordPath',
  'confirmPath',
] as const;
const pathNames = [...pagePaths, 'afterSignInPath'] as const;
/** Pages for visitors who are not signed in. */
const publicPaths = ['signInPath', 'signUpPath', 'forgotPasswordPath', 'confirmPath'] as const;
const bearerModes: readonly unknown[] = ['memory', 'session-storage', 'off'];
const apiCredentials: readonly unknown[] = ['cookie', 'jwt'];

/** @throws Error with a message that names the option */
export function readOptions(given: Readonly<Record<string, unknown>>): AuthOptions {
  const known = ['authUrl', ...Object.keys(defaults), 'protectedPaths', 'profileSchema'];
  // Docusaurus itself adds an id to every plugin's options.
  const unknown = Object.keys(given).find((name) => name !== 'id' && !known.includes(name));
  if (unknown !== undefined) {
    throw new Error(`Unknown option ${unknown}: the options are ${known.join(', ')}.`);
  }
  const options = { ...defaults, ...given, authUrl: readAuthUrl(given.authUrl) } as AuthOptions;
  for (const name of pathNames) checkPath(name, options[name]);
  checkDistinct(options);
  if (!bearerModes.includes(options.bearerToken)) {
    throw new Error(`bearerToken must be one of ${bearerModes.join(', ')}.`);
  }
  if (!apiCredentials.includes(options.apiCredential)) {
    throw new Error(`apiCredential must be one of ${apiCredentials.join(', ')}.`);
  }
  if (options.profileSchema !== undefined) readProfileSchema(options.profileSchema);
  const apiOrigins = readOrigins(options.apiOrigins);
  // Without an origin no call would carry the token, and every API would answer 401 for no visible reason.
  if (options.apiCredential === 'jwt' && apiOrigins.length === 0) {
    throw new Error(
      "apiCredential is jwt, so list your APIs in apiOrigins, like ['https://api.example.com'].",
    );
  }
  if (options.protectedPaths === undefined) return { ...options, apiOrigins };
  const protectedPaths = readProtectedPaths(options.protectedPaths);
  // A protected sign-in page would redirect to itself.
  const locked = publicPaths.find((name) => isProtectedPath(options[name], protectedPaths, '/'));
  if (locked !== undefined) {
    throw new Error(
      `protectedPaths covers ${locked} (${options[locked]}), which must stay public.`,
    );
  }
  return { ...options, apiOrigins, protectedPaths };
}

/** Docusaurus would show only one of two pages at one path, and a sign-in must not return to its own form. */
function checkDistinct(options: AuthOptions): void {
  const names = new Map<string, string>();
  for (const name of pathNames) {
    const path = options[name].toLowerCase().replace(/(.)\/+$/, '$1');
    const other = names.get(path);
    const isAccountAfterwards = name === 'afterSignInPath' && other === 'accountPath';
    if (other !== undefined && !isAccountAfterwards) {
      throw new Error(`${other} and ${name} are both ${path}: give each its own path.`);
    }
    names.set(path, name);
  }
}

function checkPath(name: string, path: unknown): void {
  if (typeof path !== 'string' || !/^\/(?![/\\])[^?#]*$/.test(path)) {
    throw new Error(`${name} must be a path of this site that begins with /, like /sign-in.`);
  }
}

function readOrigins(origins: unknown): string[] {
  const isOrigin = (value: unknown): value is string =>
    typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value;
  if (!Array.isArray(origins) || !origins.every(isOrigin)) {
    throw new Error(
      "apiOrigins must be a list of origins like ['https://api.example.com'], without a trailing slash.",
    );
  }
  return origins;
}
