/** The reasons for which a bearer token is refused. */
import type { Reason, ReasonFixes } from '../../session/reasons.js';

export const reasonFixes = {
  bearer_not_enabled: 'send the cookie, or set BEARER_TOKENS=on',
} as const satisfies ReasonFixes;

/** The reasons that its page explains. @public read by scripts/docs/feature-pages.ts */
export const sessionReasons = [
  'bearer_not_enabled',
  'bearer_malformed',
  'bearer_bad_signature',
] as const satisfies readonly Reason[];
