/** The app with the routes of the development parts in front of it. */
import type { RequestListener } from 'node:http';
import type { DevPart } from '../features/dev-part.js';

export function withDevParts(app: RequestListener, parts: readonly DevPart[]): RequestListener {
  return function serveDevPart(req, res) {
    const [pathname] = (req.url ?? '').split('?');
    const part = parts.find(({ path }) => pathname === path || pathname === `${path}.json`);
    (part?.listener ?? app)(req, res);
  };
}
