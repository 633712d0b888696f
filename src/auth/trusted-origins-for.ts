/** Tells BetterAuth whom our own rule trusts. */
import { createOriginCheck, type TrustedOrigins } from '../config/trusted-origin.js';

/**
 * BetterAuth's wildcard matches a dot too, and so another host. It is therefore told no pattern: beside the exact
 * origins, the one origin of the request at hand where our rule trusts it (auth/base.mjs asks once a request).
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
