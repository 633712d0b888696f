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

function prefixOf({ secure }: FlowCookieRules): string {
  // `__Host-`: a sibling host cannot set it (ASVS 3.3.3).
  return `${secure ? '__Host-' : ''}${cookiePrefix}.redirect.`;
}

function nameOf({ flow }: FlowState, rules: FlowCookieRules): string {
  return prefixOf(rules) + flow.slice(0, 12);
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

/** More flows at once than a visitor has tabs under way; many cookies would make every request too large. */
const maxFlows = 5;

/** Lines that delete the oldest flows of this browser, which sends the oldest cookies first (RFC 6265 5.4). */
export function expireOldFlows(header: string | undefined, rules: FlowCookieRules): string[] {
  const flows = readCookies(header ?? '').filter(({ name }) => name.startsWith(prefixOf(rules)));
  const attributes = `Max-Age=0; Path=/; HttpOnly${rules.secure ? '; Secure' : ''}`;
  return flows.slice(0, -maxFlows + 1).map(({ name }) => `${name}=; ${attributes}`);
}

export function readFlowCookie(
  header: string | undefined,
  state: FlowState,
  rules: FlowCookieRules,
): string | undefined {
  const name = nameOf(state, rules);
  return readCookies(header ?? '').find((cookie) => cookie.name === name)?.value;
}
