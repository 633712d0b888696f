/** Whether this site's Content-Security-Policy blocks calls to an address: `fetch` does not report it. */

export interface PolicyViolations {
  /** Whether a call to this origin was blocked since the page was loaded. */
  includes(origin: string): boolean;
}

interface Violation extends Event {
  readonly blockedURI: string;
  readonly effectiveDirective: string;
  readonly disposition: string;
}

/** @param target the document, where the browser reports what it blocked (CSP 3, 5.3) */
export function watchPolicyViolations(
  target: Pick<EventTarget, 'addEventListener'>,
): PolicyViolations {
  const blocked = new Set<string>();
  target.addEventListener('securitypolicyviolation', (event) => {
    const { blockedURI, effectiveDirective, disposition } = event as Violation;
    // Some browsers report `default-src` if the policy has no `connect-src`.
    const isCall = ['connect-src', 'default-src'].includes(effectiveDirective);
    if (!isCall || disposition === 'report' || !URL.canParse(blockedURI)) return;
    blocked.add(new URL(blockedURI).origin);
  });
  return { includes: (origin) => blocked.has(origin) };
}
