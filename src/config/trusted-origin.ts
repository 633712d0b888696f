/**
 * The one rule by which a page's Origin is trusted: CORS, the origin check, BetterAuth's own and the log line all ask
 * here, so that none lets in what another refuses.
 */
import { isBareScheme, isOfScheme } from './app-origin.js';

export interface TrustedOrigins {
  /** Exact origins, and bare schemes of native applications (`myapp://`). */
  readonly trustedOrigins: readonly string[];
  /** Origins with one `*` in the host; empty but in previews. */
  readonly originPatterns: readonly string[];
}

/** Whether a page of this origin, as the browser writes it in its header, may call with credentials. */
export type IsTrustedOrigin = (origin: string) => boolean;

/** Compares letter by letter; no suffix, prefix, port, scheme or case trick matches (ASVS 3.4.2). */
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

/** `*` stands for a part of one label: no dot, no colon, no slash. */
function toExpression(pattern: string): RegExp {
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${pattern.split('*').map(literal).join('[a-z0-9-]+')}$`);
}
