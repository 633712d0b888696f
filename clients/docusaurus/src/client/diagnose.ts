/** Why a call got no answer that the page may read: `fetch` says "Failed to fetch" to all of it. */
import { isMixedContent } from '../auth-url.js';
import type { ClientCode, Place } from './fault.js';
import type { PolicyViolations } from './policy-violations.js';

/**
 * Asks twice more, without credentials. auth-service lets every page read /health: where that can be read, the service
 * is up, and only CORS stands between. Otherwise, where anything arrives at all (`no-cors`), it is a gateway's error
 * page, or another BetterAuth server that refuses this origin: nobody can tell from here.
 * @param signal ends the questions
 */
export async function diagnoseNoAnswer(
  fetch: typeof globalThis.fetch,
  { authUrl, pageOrigin }: Place,
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
  // The browser reports what it blocked in a task of its own, after the call failed.
  if (violations) await new Promise((resolve) => setTimeout(resolve));
  if (violations?.includes(authUrl)) return 'CSP_REFUSED';
  if (authUrl === pageOrigin) return 'SERVICE_UNREACHABLE'; // CORS is for other origins
  if (isReadable) return 'CORS_REFUSED';
  return (await arrives('/api/auth/ok', 'no-cors')) ? 'ANSWER_UNREADABLE' : 'SERVICE_UNREACHABLE';
}
