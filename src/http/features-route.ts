/** `GET /api/auth/features`: what the service offers, so that a site can show it. Public: no secrets and no user's data. */
import type { RequestHandler } from 'express';

/** @param settings of the enabled features, by the name that clients use */
export function featuresRoute(settings: Readonly<Record<string, unknown>>): RequestHandler {
  return function handleFeatures(_req, res) {
    res.json({ features: settings });
  };
}
