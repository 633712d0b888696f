/** The path to return to after signing in: a page of this site, never another site. */

const parameter = 'from';

/** The base URLs of this build of the site and of its other locales. */
export interface SiteBases {
  /** Begins and ends with a slash. */
  readonly baseUrl: string;
  /** Of the other locales: a visitor may switch the language on the sign-in page. */
  readonly otherBaseUrls?: readonly string[];
  /** Docusaurus's option: whether paths end with a slash; undefined leaves them as written. */
  readonly trailingSlash?: boolean | undefined;
}

/**
 * The sign-in page's address, with the page to return to.
 * @param from path, query and hash, the path with the site's `baseUrl`
 */
export function withReturnPath(signInPath: string, from: string): string {
  return `${signInPath}?${parameter}=${encodeURIComponent(from)}`;
}

/**
 * @param search the query of the sign-in page's address. It is untrusted: anyone can publish a link to it, so only a
 * path of this site is accepted
 * @returns a path under `baseUrl`. `/exercises`, as an author writes it, and a path of another locale are mapped to it
 */
export function readReturnPath(
  search: string,
  fallback: string,
  bases: SiteBases = { baseUrl: '/' },
): string {
  const from = new URLSearchParams(search).get(parameter);
  if (!from || !isPathOfThisHost(from)) return fallback;
  const path = rebase(from, bases);
  return isPathOfThisHost(path) ? path : fallback;
}

/** Whether the query names a valid page to return to. */
export function hasReturnPath(search: string): boolean {
  return readReturnPath(search, '') !== '';
}

/**
 * As a browser parses it (URL Standard, 4.4): it removes tabs and newlines, treats a backslash as a slash, and resolves
 * `/.//host` to `//host`. The router decodes a path once more before it passes it to the browser.
 */
function isPathOfThisHost(path: string): boolean {
  const decoded = decode(path);
  return decoded !== undefined && [path, decoded].every(isOwnPath);
}

const placeholderOrigin = 'https://site.invalid';

function isOwnPath(path: string): boolean {
  // eslint-disable-next-line no-control-regex -- the plugin's own links contain none
  if (!path.startsWith('/') || /[\u0000-\u001f\u007f]/.test(path)) return false;
  if (!URL.canParse(path, placeholderOrigin)) return false;
  const { origin, pathname } = new URL(path, placeholderOrigin);
  return origin === placeholderOrigin && !pathname.startsWith('//');
}

/** Undefined if malformed: the router would throw. */
function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path.split(/[?#]/)[0] ?? '');
  } catch {
    return undefined;
  }
}

function rebase(path: string, { baseUrl, otherBaseUrls = [], trailingSlash }: SiteBases): string {
  const [, pathname = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(path) ?? [];
  // The longest first: `/docs/de/` also begins with `/docs/`.
  const all = [baseUrl, ...otherBaseUrls].sort((a, b) => b.length - a.length);
  const base = all.find((one) => `${pathname}/`.startsWith(one)) ?? '/';
  const own = baseUrl + pathname.slice(base.length);
  if (trailingSlash === undefined || own === baseUrl) return own + rest;
  return own.replace(/\/+$/, '') + (trailingSlash ? '/' : '') + rest;
}
