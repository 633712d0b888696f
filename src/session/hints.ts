/** What a verdict tells the operator. */
import { fixFor, type Reason, type ReasonFixes } from './reasons.js';

/** Creates hints from the evidence and the setting to change. */
export function createHints(fixes: ReasonFixes | undefined) {
  return function hintFor(reason: Reason, ...evidence: (string | undefined)[]): string {
    return [...evidence, fixFor(reason, fixes)].filter(Boolean).join('; ');
  };
}
