/** Why a call got no response that the page may read: `fetch` reports "Failed to fetch" for every cause. */
import { isMixedContent } from '../auth-url.js';
import type { ClientCode, CallContext } from './auth-failure.js';
import type { PolicyViolations } from './policy-violations.js';

/**
 * Sends up to two more requests, without credentials. auth-service lets every page read /health: if that is readable,
 * the service is up and only CORS is in the way. Otherwise, if any response arrives (`no-cors`), it is a gateway's error
 * page or another BetterAuth server that refuses this origin; a page cannot distinguish the two.
 * @param signal aborts the requests
 */
export async function diagnoseNoResponse(
  fetch: typeof globalThis.fetch,
  { authUrl, pageOrigin }: CallContext,
  violations?: PolicyViolations,
  signal?: AbortSignal,
): Promise<ClientCode> {
  if (isMixedContent(pageOrigin, authUrl)) return 'MIXED_CONTENT';
  const arrives = (path: string, mode: RequestMode) =>
    fetch(authUrl + path, {
      mode,
      credentials: 'omit',
      cache: 'no-store',
      ...(signal && { signal }),
    }).then(
      (response) => response.ok || mode === 'no-cors',
      () => false,
    );
  const isReadable = authUrl !== pageOrigin && (await arrives('/health', 'cors'));
  // The browser reports a policy violation in a later task, after the call failed.
  if (violations) await new Promise((resolve) => setTimeout(resolve));
  if (violations?.includes(authUrl)) return 'CSP_REFUSED';
  if (authUrl === pageOrigin) return 'SERVICE_UNREACHABLE'; // CORS does not apply to the page's own origin
  if (isReadable) return 'CORS_REFUSED';
  return (await arrives('/api/auth/ok', 'no-cors')) ? 'ANSWER_UNREADABLE' : 'SERVICE_UNREACHABLE';
}
