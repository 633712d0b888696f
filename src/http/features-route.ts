/** `GET /api/auth/features`: what the service offers, so that a site can show it. Public: no secrets and no user's data. */
import type { RequestHandler } from 'express';
import type { SitePages } from '../config/site-pages.js';

/**
 * @param settings of the enabled features, by the name that clients use
 * @param config the page of the asking origin is added, so that a page can name it exactly, trailing slash included
 */
export function featuresRoute(
  settings: Readonly<Record<string, unknown>>,
  { baseUrl, sitePages }: { readonly baseUrl: string; readonly sitePages: SitePages },
): RequestHandler {
  return function handleFeatures(req, res) {
    const { origin = baseUrl } = req.headers; // browsers send none to the own origin
    const sitePage = Object.hasOwn(sitePages, origin) ? sitePages[origin] : undefined;
    res.json({ features: { ...settings, ...(sitePage !== undefined && { sitePage }) } });
  };
}
