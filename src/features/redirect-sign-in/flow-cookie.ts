/**
 * The cookie of one flow: first-party, because the start is a top-level visit. Each flow has its own, so that a second tab
 * does not end the first one's, and it lives as long as the state (traps.md).
 */
import { cookiePrefix } from '../../config/cookie-policy.js';
import { readCookies } from '../../session/cookie-header.js';
import { flowLifetimeMs, type FlowState } from './state.js';

export interface FlowCookieRules {
  readonly secure: boolean;
}

function nameOf({ flow }: FlowState, { secure }: FlowCookieRules): string {
  // `__Host-`: a sibling host cannot set it (ASVS 3.3.3).
  return `${secure ? '__Host-' : ''}${cookiePrefix}.redirect.${flow.slice(0, 12)}`;
}

/** @param isPosted the provider answers with a form from its own site, with which browsers send no Lax cookie */
export function writeFlowCookie(
  state: FlowState,
  value: string,
  rules: FlowCookieRules,
  isPosted: boolean,
): string {
  const attributes = [
    `${nameOf(state, rules)}=${value}`,
    `Max-Age=${flowLifetimeMs / 1000}`,
    'Path=/',
    'HttpOnly',
    ...(rules.secure ? ['Secure'] : []),
    `SameSite=${isPosted && rules.secure ? 'None' : 'Lax'}`,
  ];
  return attributes.join('; ');
}

export function readFlowCookie(
  header: string | undefined,
  state: FlowState,
  rules: FlowCookieRules,
): string | undefined {
  const name = nameOf(state, rules);
  return readCookies(header ?? '').find((cookie) => cookie.name === name)?.value;
}
