/** Passes this service's trusted origins to BetterAuth. */
import { createOriginCheck, type TrustedOrigins } from '../config/trusted-origin.js';

/**
 * BetterAuth's wildcard also matches a dot, and thus other hosts. So it receives no patterns: only the exact origins and
 * the origin of the current request if this service trusts it (auth/base.mjs calls the function once per request).
 */
export function trustedOriginsFor(config: TrustedOrigins) {
  const exact = [...config.trustedOrigins];
  if (config.originPatterns.length === 0) return exact;
  const isTrusted = createOriginCheck(config);
  return function trustedForRequest(request?: Request): string[] {
    const origin = request?.headers.get('origin');
    return origin && isTrusted(origin) ? [...exact, origin] : exact;
  };
}
