/** Why a call got no answer that the page may read: `fetch` says "Failed to fetch" to all of it. */
import { isMixedContent } from '../auth-url.js';
import type { ClientCode, Place } from './fault.js';

/**
 * Asks once more without wanting to read the answer (`no-cors`): where that arrives, the service is there, and only
 * CORS stands between. One request, to an endpoint that touches no database.
 */
export async function diagnoseNoAnswer(
  fetch: typeof globalThis.fetch,
  { authUrl, pageOrigin }: Place,
): Promise<ClientCode> {
  if (isMixedContent(pageOrigin, authUrl)) return 'MIXED_CONTENT';
  if (authUrl === pageOrigin) return 'SERVICE_UNREACHABLE'; // CORS is for other origins
  try {
    await fetch(`${authUrl}/api/auth/ok`, {
      mode: 'no-cors',
      credentials: 'omit',
      cache: 'no-store',
    });
    return 'CORS_REFUSED';
  } catch {
    return 'SERVICE_UNREACHABLE';
  }
}
