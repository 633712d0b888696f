/** The app with the routes of the development parts in front of it. */
import type { RequestListener } from 'node:http';
import type { DevPart } from '../features/dev-part.js';

export function withDevParts(app: RequestListener, parts: readonly DevPart[]): RequestListener {
  const pages = parts.flatMap(({ page }) => page ?? []);
  return function serveDevPart(req, res) {
    const [pathname] = (req.url ?? '').split('?');
    const page = pages.find(({ path }) => pathname === path || pathname === `${path}.json`);
    (page?.listener ?? app)(req, res);
  };
}
