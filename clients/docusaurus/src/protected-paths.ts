/** Which paths of the site are for signed-in readers: checked when the site is built, matched when a page is shown. */

/**
 * @returns the patterns as they were written
 * @throws Error with one sentence that names the option
 */
export function readProtectedPaths(value: unknown): readonly string[] {
  const isPattern = (pattern: unknown): pattern is string =>
    typeof pattern === 'string' && /^\/(?![/\\])[^?#]*$/.test(pattern);
  if (!Array.isArray(value) || !value.every(isPattern)) {
    throw new Error(
      "protectedPaths is not a list of paths of this site that begin with /, like ['/docs/members/**'].",
    );
  }
  const wrong = value.find((pattern) => /\*\*[^/]|[^/]\*\*|\*\*\/.*\*\*/.test(pattern));
  if (wrong !== undefined) {
    throw new Error(`protectedPaths holds ${wrong}: ** stands alone between slashes, and once.`);
  }
  return value;
}

/**
 * @param pathname of the page, with `baseUrl`, as the browser shows it
 * @param patterns without `baseUrl`: `**` stands for any number of segments, none included, `*` for what is in one
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
 * One spelling for all that lead to one page: the router takes no notice of case and of a slash at the end, and a host
 * may serve `page.html` and `page/index.html` for `page`.
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
    return path; // the router does not show a page at such an address
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
