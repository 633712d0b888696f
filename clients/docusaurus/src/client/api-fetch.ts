/** `fetch` for the site's own API: sends the cookie, and the bearer token where that stands in for it. */
import type { BearerStore } from './bearer-store.js';

/**
 * @param apiOrigins who may be sent the sign-in; a call to another origin is made without it, so that no address
 * that came from elsewhere is handed a token
 */
export function createApiFetch(
  fetch: typeof globalThis.fetch,
  bearer: BearerStore,
  apiOrigins: readonly string[],
): typeof globalThis.fetch {
  return async function apiFetch(input, init) {
    const request = new Request(input, init);
    if (!apiOrigins.includes(new URL(request.url).origin)) return fetch(request);
    const token = bearer.token();
    if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
    return fetch(new Request(request, { credentials: 'include' }));
  };
}
