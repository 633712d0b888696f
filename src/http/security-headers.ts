/** Headers that every answer carries, errors included. */
import type { RequestHandler } from 'express';

/** @param isHttps whether browsers reach the service over https */
export function securityHeaders(isHttps: boolean): RequestHandler {
  return function setSecurityHeaders(_req, res, next) {
    res.setHeader('X-Content-Type-Options', 'nosniff'); // ASVS 3.4.4
    // Nothing here is a page: no script, no frame, whatever a browser makes of an answer (ASVS 3.4.3, 3.4.6).
    res.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    res.setHeader('Referrer-Policy', 'no-referrer');
    // Answers depend on who asks; a shared cache must keep none of them (ASVS 14.3.2).
    res.setHeader('Cache-Control', 'no-store');
    if (isHttps) res.setHeader('Strict-Transport-Security', 'max-age=31536000'); // ASVS 3.4.1
    next();
  };
}
