/** What to change where a bearer token is refused. */
import type { ReasonFixes } from '../../session/reasons.js';

export const reasonFixes = {
  bearer_not_enabled: 'send the cookie, or set BEARER_TOKENS=on',
} as const satisfies ReasonFixes;
