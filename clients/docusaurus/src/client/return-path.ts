/** Where to go after signing in: back to the page that the visitor came from, and never off this site. */

const parameter = 'from';

/** Where this build of the site lies, and its other languages. */
export interface SiteBases {
  /** Begins and ends with a slash. */
  readonly baseUrl: string;
  /** Of the other languages: a visitor may choose another one on the sign-in page. */
  readonly otherBaseUrls?: readonly string[];
  /** Whether the site's addresses end with a slash; undefined where it takes them as they are written. */
  readonly trailingSlash?: boolean | undefined;
}

/**
 * The sign-in page's address, which remembers the page it was asked from.
 * @param from path, query and hash, the path with the site's `baseUrl`
 */
export function withReturnPath(signInPath: string, from: string): string {
  return `${signInPath}?${parameter}=${encodeURIComponent(from)}`;
}

/**
 * @param search the query of the sign-in page's address: anybody may write a link to it, so that only a path of this
 * site counts
 * @returns a path under `baseUrl`: `/exercises`, as an author writes it, is found there, and so is the page of another
 * language in this one
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

/** Whether a page was named to go back to, and it may be gone to. */
export function hasReturnPath(search: string): boolean {
  const nowhere = '';
  return readReturnPath(search, nowhere) !== nowhere;
}

/**
 * As a browser reads it (URL Standard, 4.4): it drops tabs and newlines, takes a backslash for a slash, and resolves
 * `/.//host` to `//host`. The router decodes a path once more before it hands it to the browser.
 */
function isPathOfThisHost(path: string): boolean {
  const decoded = decode(path);
  return decoded !== undefined && [path, decoded].every(isOwnPath);
}

const somewhere = 'https://site.invalid';

function isOwnPath(path: string): boolean {
  // eslint-disable-next-line no-control-regex -- no address that a page of ours gives holds one
  if (!path.startsWith('/') || /[\u0000-\u001f\u007f]/.test(path)) return false;
  if (!URL.canParse(path, somewhere)) return false;
  const { origin, pathname } = new URL(path, somewhere);
  return origin === somewhere && !pathname.startsWith('//');
}

/** Undefined where it is not well formed: the router throws on it. */
function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path.split(/[?#]/)[0] ?? '');
  } catch {
    return undefined;
  }
}

function rebase(path: string, { baseUrl, otherBaseUrls = [], trailingSlash }: SiteBases): string {
  const [, pathname = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(path) ?? [];
  // The longest first: `/docs/de/` lies under `/docs/` too.
  const all = [baseUrl, ...otherBaseUrls].sort((a, b) => b.length - a.length);
  const base = all.find((one) => `${pathname}/`.startsWith(one)) ?? '/';
  const own = baseUrl + pathname.slice(base.length);
  if (trailingSlash === undefined || own === baseUrl) return own + rest;
  return own.replace(/\/+$/, '') + (trailingSlash ? '/' : '') + rest;
}
