/** `fetch` for the site's own API: sends the sign-in along, by cookie, bearer token or JSON Web Token. */
import type { ApiTokens } from './api-token.js';
import type { BearerStore } from './bearer-store.js';
import { raceWithAbort } from './deadline.js';
import { isMisconfiguration, type Place } from './fault.js';
import { sentenceFor } from './fault-sentences.js';
import type { PolicyViolations } from './policy-violations.js';
import { blockedSentence } from './setup-sentences.js';

export interface ApiFetchDependencies {
  readonly fetch: typeof globalThis.fetch;
  readonly bearer: BearerStore;
  /** Where the API takes JSON Web Tokens. */
  readonly tokens: ApiTokens | undefined;
  readonly place: Place;
  readonly onMisconfiguration: (sentence: string) => void;
  /**
   * Who may be sent the sign-in; a call to another origin is made without it, so that no address that came from
   * elsewhere is handed a token.
   */
  readonly apiOrigins: readonly string[];
  /** The API does not know the visitor: what the page shows may be out of date. */
  readonly onUnauthorized?: () => void;
  /** Told where this site's own policy blocks the API. */
  readonly violations?: PolicyViolations | undefined;
}

export function createApiFetch(dependencies: ApiFetchDependencies): typeof globalThis.fetch {
  const { bearer, tokens, place, onMisconfiguration, apiOrigins } = dependencies;
  const { onUnauthorized, violations } = dependencies;

  async function fetch(request: Request): Promise<Response> {
    const { origin } = new URL(request.url);
    try {
      const response = await dependencies.fetch(request);
      if (response.status === 401) onUnauthorized?.();
      return response;
    } catch (error) {
      // The browser reports what it blocked in a task of its own.
      setTimeout(() => {
        if (violations?.includes(origin)) onMisconfiguration(blockedSentence(origin));
      });
      throw error;
    }
  }

  async function withToken(request: Request, issuer: ApiTokens): Promise<Response> {
    // The caller's signal counts for the whole call. The question for the token goes on: others may wait for it.
    const token = await raceWithAbort(issuer.get(), request.signal);
    if (typeof token === 'object') {
      const message = sentenceFor(token, place);
      if (token.code === 'NO_API_TOKENS' || isMisconfiguration(token)) onMisconfiguration(message);
      // Not asked without the token: the API would say 401, and nobody was signed out.
      return Response.json({ ...token, message }, { status: 503 });
    }
    if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
    const response = await fetch(request);
    if (response.status === 401) issuer.drop();
    return response;
  }

  return async function apiFetch(input, init) {
    const request = new Request(input, init);
    if (!apiOrigins.includes(new URL(request.url).origin)) return dependencies.fetch(request);
    if (tokens) return withToken(request, tokens);
    const token = bearer.token();
    if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
    return fetch(new Request(request, { credentials: 'include' }));
  };
}
