/** `fetch` for the site's own APIs: sends the credentials, as cookie, bearer token or JSON Web Token. */
import type { ApiTokens } from './api-token.js';
import type { BearerStore } from './bearer-store.js';
import { raceWithAbort } from './deadline.js';
import { isMisconfiguration, type CallContext } from './auth-failure.js';
import { messageFor } from './failure-messages.js';
import type { PolicyViolations } from './policy-violations.js';
import { blockedByPolicy } from './setup-messages.js';
import type { StepUpGate } from './step-up/step-up-gate.js';
import { readStepUpReason } from './step-up/step-up-reason.js';

export interface ApiFetchDependencies {
  readonly fetch: typeof globalThis.fetch;
  readonly bearer: BearerStore;
  /** If the APIs take JSON Web Tokens. */
  readonly tokens: ApiTokens | undefined;
  readonly callContext: CallContext;
  readonly onMisconfiguration: (message: string) => void;
  /**
   * The origins that may receive the credentials. A call to any other origin is sent without them, so that a URL from
   * an untrusted source receives no token.
   */
  readonly apiOrigins: readonly string[];
  /** The API answered 401: the session that the page shows may have ended. */
  readonly onUnauthorized?: () => void;
  /** Knows whether this site's Content-Security-Policy blocks the API. */
  readonly violations?: PolicyViolations | undefined;
  /** Asks the visitor for the newer or stronger proof that an API requires. */
  readonly stepUp?: Pick<StepUpGate, 'request'>;
}

export function createApiFetch(dependencies: ApiFetchDependencies): typeof globalThis.fetch {
  const { bearer, tokens, callContext, onMisconfiguration, apiOrigins } = dependencies;
  const { onUnauthorized, violations, stepUp } = dependencies;

  async function fetch(request: Request): Promise<Response> {
    const { origin } = new URL(request.url);
    try {
      const response = await dependencies.fetch(request);
      // An API that asks for a newer proof knows the session.
      if (response.status === 401 && !(await readStepUpReason(response))) onUnauthorized?.();
      return response;
    } catch (error) {
      // The browser reports a policy violation in a later task.
      setTimeout(() => {
        if (violations?.includes(origin)) onMisconfiguration(blockedByPolicy(origin));
      });
      throw error;
    }
  }

  async function fetchWithToken(request: Request, issuer: ApiTokens): Promise<Response> {
    // The caller's signal aborts the whole call, but not the token request: other calls may wait for it.
    const token = await raceWithAbort(issuer.get(), request.signal);
    if (typeof token === 'object') {
      const message = messageFor(token, callContext);
      if (token.code === 'NO_API_TOKENS' || isMisconfiguration(token)) onMisconfiguration(message);
      // The API is not called without the token: its 401 would look like a sign-out.
      return Response.json({ ...token, message }, { status: 503 });
    }
    if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
    const response = await fetch(request);
    if (response.status === 401 && token !== undefined) issuer.invalidate(token);
    return response;
  }

  async function send(request: Request): Promise<Response> {
    if (tokens) return fetchWithToken(request, tokens);
    const token = bearer.token();
    if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
    return fetch(new Request(request, { credentials: 'include' }));
  }

  return async function apiFetch(input, init) {
    const request = new Request(input, init);
    if (!apiOrigins.includes(new URL(request.url).origin)) return dependencies.fetch(request);
    const repetition = request.clone(); // sending a request uses up its body
    const response = await send(request);
    const reason = stepUp && (await readStepUpReason(response));
    if (!reason) return response;
    const isProven = await raceWithAbort(stepUp.request(reason), request.signal);
    return isProven ? send(repetition) : response;
  };
}
