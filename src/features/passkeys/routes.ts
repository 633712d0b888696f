/** `GET /.well-known/webauthn`: the pages on other domains that may use the passkeys (WebAuthn level 3, section 5.11). */
import type { RequestHandler } from 'express';
import type { Route } from '../../http/route.js';
import type { PasskeySettings } from './feature.js';

export function createRoutes({ relatedOrigins }: PasskeySettings): readonly Route[] {
  if (relatedOrigins.length === 0) return [];
  const path = '/.well-known/webauthn';
  // Browsers read it themselves, without credentials and without CORS.
  const handlers = [relatedOriginsRoute(relatedOrigins)];
  return [{ stage: 'private', path, methods: ['GET', 'HEAD'], handlers }];
}

function relatedOriginsRoute(origins: readonly string[]): RequestHandler {
  return function handleRelatedOrigins(_req, res) {
    res.json({ origins });
  };
}
