/** Where to go after signing in: back to the page that the visitor came from, and never off this site. */

const parameter = 'from';

/** The sign-in page's address, which remembers the page it was asked from. */
export function withReturnPath(signInPath: string, from: string): string {
  return `${signInPath}?${parameter}=${encodeURIComponent(from)}`;
}

/**
 * @param search the query of the sign-in page's address: anybody may write a link to it, so that only a path counts.
 * Browsers read `//host` and `/\host` as another host.
 */
export function readReturnPath(search: string, fallback: string): string {
  const from = new URLSearchParams(search).get(parameter);
  // eslint-disable-next-line no-control-regex -- browsers drop tabs and newlines before they read an address
  return from && /^\/(?![/\\])[^\u0000-\u001f]*$/.test(from) ? from : fallback;
}
