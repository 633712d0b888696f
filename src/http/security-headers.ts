/** Security headers of every response, including errors. */
import type { Middleware } from './middleware.js';

/** @param isHttps whether browsers reach the service over https */
export function securityHeaders(isHttps: boolean): Middleware {
  return function setSecurityHeaders(_req, res, next) {
    res.setHeader('X-Content-Type-Options', 'nosniff'); // ASVS 3.4.4
    // No response is a page: no scripts and no frames, however a browser interprets it (ASVS 3.4.3, 3.4.6).
    res.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    res.setHeader('Referrer-Policy', 'no-referrer');
    // Responses depend on the caller; shared caches must not store them (ASVS 14.3.2).
    res.setHeader('Cache-Control', 'no-store');
    if (isHttps) res.setHeader('Strict-Transport-Security', 'max-age=31536000'); // ASVS 3.4.1
    next();
  };
}
