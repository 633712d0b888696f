/**
 * Decides whether an Origin is trusted. CORS, the origin check, BetterAuth and the log line all use it, so that they
 * always agree.
 */
import { isBareScheme, isOfScheme } from './app-origin.js';

export interface TrustedOrigins {
  /** Exact origins, and bare schemes of native applications (`myapp://`). */
  readonly trustedOrigins: readonly string[];
  /** Origins with one `*` in the host; empty except in previews. */
  readonly originPatterns: readonly string[];
}

/** Whether a page of this origin, as sent in the Origin header, may call with credentials. */
export type IsTrustedOrigin = (origin: string) => boolean;

/** Exact string comparison; no suffix, prefix, port, scheme or case trick matches (ASVS 3.4.2). */
export function createOriginCheck(trusted: TrustedOrigins): IsTrustedOrigin {
  const exact = new Set(trusted.trustedOrigins);
  const schemes = trusted.trustedOrigins.filter(isBareScheme);
  const patterns = trusted.originPatterns.map(toExpression);
  return function isTrustedOrigin(origin) {
    return (
      exact.has(origin) ||
      schemes.some((scheme) => isOfScheme(origin, scheme)) ||
      patterns.some((pattern) => pattern.test(origin))
    );
  };
}

/** `*` matches a part of one label: no dot, no colon, no slash. */
function toExpression(pattern: string): RegExp {
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${pattern.split('*').map(literal).join('[a-z0-9-]+')}$`);
}
