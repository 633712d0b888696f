/**
 * Origins of applications that are no web page: `capacitor://localhost` of a web view, `chrome-extension://<id>`, or the
 * bare scheme of a native application (`myapp://`), which Expo's client names in `expo-origin`.
 */

/** Schemes that any page can have, or that name no application. */
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

/** A scheme (RFC 3986 3.1), and a host with an optional port or none. No path: an origin has none. */
const shape = /^([a-z][a-z0-9+.-]*):\/\/([a-z0-9.-]+(?::\d{1,5})?)?$/;

/** Whether this is the origin of an application, written as its client writes it. */
export function isAppOrigin(origin: string): boolean {
  const [, scheme, host] = shape.exec(origin) ?? [];
  if (scheme === undefined || refusedSchemes.has(scheme)) return false;
  // Every extension of a browser shares the scheme, and with it the visitor's cookies: each is named by its id.
  return host !== undefined || !scheme.endsWith('-extension');
}

/** Whether it is a scheme alone: a native application, which keeps cookies itself and has no site. */
export function isBareScheme(origin: string): boolean {
  return isAppOrigin(origin) && origin.endsWith('://');
}

/** What may follow a bare scheme: Expo writes `myapp://`, `myapp:///`, or host and path of its development server. */
const afterScheme = /^[A-Za-z0-9.:/_-]{0,200}$/;

/** Whether `origin` is the bare scheme `trusted`, or begins with it: a scheme belongs to one application. */
export function isOfScheme(origin: string, trusted: string): boolean {
  return origin.startsWith(trusted) && afterScheme.test(origin.slice(trusted.length));
}
