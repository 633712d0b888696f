/** Which paths of the site are for signed-in readers: validated when the site is built, matched when a page is shown. */

/**
 * @returns the patterns, unchanged
 * @throws Error with a message that names the option
 */
export function readProtectedPaths(value: unknown): readonly string[] {
  const isPattern = (pattern: unknown): pattern is string =>
    typeof pattern === 'string' && /^\/(?![/\\])[^?#]*$/.test(pattern);
  if (!Array.isArray(value) || !value.every(isPattern)) {
    throw new Error(
      "protectedPaths must be a list of paths of this site that begin with /, like ['/docs/members/**'].",
    );
  }
  const invalid = value.find((pattern) => /\*\*[^/]|[^/]\*\*|\*\*\/.*\*\*/.test(pattern));
  if (invalid !== undefined) {
    throw new Error(
      `protectedPaths contains ${invalid}: ** must be a whole segment, and may occur once.`,
    );
  }
  return value;
}

/**
 * @param pathname of the page, with `baseUrl`, as in the address bar
 * @param patterns without `baseUrl`: `**` matches any number of segments, including none, `*` any text within one
 */
export function isProtectedPath(
  pathname: string,
  patterns: readonly string[],
  baseUrl: string,
): boolean {
  const path = normalize(pathname);
  const base = normalize(baseUrl);
  if (!`${path}/`.startsWith(base === '' ? '/' : `${base}/`)) return false;
  const inSite = path.slice(base.length);
  return patterns.some((pattern) => toExpression(pattern).test(inSite));
}

/**
 * The canonical form of all paths that lead to one page: the router ignores case and a trailing slash, and a host may
 * serve `page.html` and `page/index.html` for `page`.
 */
function normalize(path: string): string {
  return decode(path)
    .toLowerCase()
    .replace(/\/{2,}/g, '/')
    .replace(/(\/index)?\.html$/, '')
    .replace(/\/$/, '');
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // the router shows no page for a malformed path
  }
}

function toExpression(pattern: string): RegExp {
  const segments = normalize(pattern).split('/').slice(1);
  const source = segments.map((segment) => {
    if (segment === '**') return '(?:/[^/]+)*';
    return `/${segment.split('*').map(escape).join('[^/]*')}`;
  });
  return new RegExp(`^${source.join('')}$`);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
