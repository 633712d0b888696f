/**
 * Origins of applications that are not web pages: `capacitor://localhost` of a web view, `chrome-extension://<id>`, or the
 * bare scheme of a native application (`myapp://`), which Expo's client sends in `expo-origin`.
 */

/** Schemes that any page can have, or that do not identify an application. */
const refusedSchemes = new Set([
  'about',
  'blob',
  'data',
  'file',
  'filesystem',
  'ftp',
  'http',
  'https',
  'javascript',
  'mailto',
  'null',
  'tel',
  'vbscript',
  'view-source',
  'ws',
  'wss',
]);

/** A scheme (RFC 3986 section 3.1), optionally with host and port. No path: an origin has none. */
const shape = /^([a-z][a-z0-9+.-]*):\/\/([a-z0-9.-]+(?::\d{1,5})?)?$/;

/** Whether this is the origin of an application, in the form its client sends. */
export function isAppOrigin(origin: string): boolean {
  const [, scheme, host] = shape.exec(origin) ?? [];
  if (scheme === undefined || refusedSchemes.has(scheme)) return false;
  // All extensions of a browser share the scheme, and the user's cookies: each must be listed by its id.
  return host !== undefined || !scheme.endsWith('-extension');
}

/** Whether it is a bare scheme: a native application, which stores cookies itself and has no site. */
export function isBareScheme(origin: string): boolean {
  return isAppOrigin(origin) && origin.endsWith('://');
}

/** What may follow a bare scheme: Expo writes `myapp://`, `myapp:///`, or host and path of its development server. */
const afterScheme = /^[A-Za-z0-9.:/_-]{0,200}$/;

/** Whether `origin` is or begins with the bare scheme `trusted`: a scheme identifies one application. */
export function isOfScheme(origin: string, trusted: string): boolean {
  return origin.startsWith(trusted) && afterScheme.test(origin.slice(trusted.length));
}
