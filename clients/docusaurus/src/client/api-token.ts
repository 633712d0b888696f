/**
 * The JSON Web Token for an API on another site than the auth service, where no browser sends the service's cookie. It is
 * cached in memory, for the session it was issued to, and replaced before it expires.
 */
import type { AuthFailure } from './auth-failure.js';
import type { SessionState } from './session-state.js';

export interface ApiTokens {
  /** A token that is valid for a while yet; undefined when signed out; a failure when the service gave no token. */
  get(): Promise<string | AuthFailure | undefined>;
  /** The API refused this token: it is not given out again. A newer one that arrived meanwhile is kept. */
  invalidate(token: string): void;
  /** The session has a new proof, which no token up to now states, not even one that is being requested. */
  renew(): void;
}

export interface ApiTokenDependencies {
  /** The auth service's `fetch`, which sends the credentials and turns every failure into JSON with a code. */
  readonly authFetch: typeof globalThis.fetch;
  readonly authUrl: string;
  readonly state: () => SessionState;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The token was issued to another user than the page shows: another user signed in meanwhile. */
  readonly onUserMismatch?: () => void;
}

/** A request takes a moment, and clocks differ by some seconds. */
const expiryMarginMs = 30_000;

interface CachedToken {
  readonly sessionId: string;
  readonly token: string;
  readonly expiresAt: number;
}

interface PendingFetch {
  readonly sessionId: string;
  readonly result: Promise<string | AuthFailure | undefined>;
}

export function createApiTokens(dependencies: ApiTokenDependencies): ApiTokens {
  const { authFetch, authUrl, state, now, onUserMismatch } = dependencies;
  let cached: CachedToken | undefined;
  let pending: PendingFetch | undefined;
  /** Requests are numbered: a response that arrives after the one to a later request is not cached. */
  let lastRequest = 0;
  let lastCached = 0;

  async function fetchToken(sessionId: string): Promise<string | AuthFailure | undefined> {
    const number = (lastRequest += 1);
    const response = await authFetch(`${authUrl}/api/auth/token`, { credentials: 'include' });
    if (response.status === 401) return undefined;
    // A truncated body or unrelated JSON does not mean "signed out".
    const body = (await response.json().catch(() => null)) as Partial<
      AuthFailure & { token: unknown }
    > | null;
    if (!response.ok) return toFailure(body);
    const token = body?.token;
    if (typeof token !== 'string' || !isToken.test(token)) return toFailure(null);
    const { lifetimeMs, sub } = readClaims(token);
    const current = state();
    const isMismatch =
      current.status === 'signedIn' && sub !== undefined && sub !== current.user.id;
    if (isMismatch) onUserMismatch?.();
    // Not cached where the session that it belongs to is unknown, or is no longer the page's.
    const isCurrent = sessionId !== '' && sessionIdOf(current) === sessionId && !isMismatch;
    if (isCurrent && number > lastCached) {
      lastCached = number;
      cached = { sessionId, token, expiresAt: now() + lifetimeMs };
    }
    return token;
  }

  return {
    async get() {
      if (state().status === 'signedOut') return undefined;
      const sessionId = sessionIdOf(state());
      if (cached?.sessionId === sessionId && cached.expiresAt - expiryMarginMs > now()) {
        return cached.token;
      }
      // Concurrent calls share one request, but never one of another session.
      if (pending?.sessionId === sessionId) return pending.result;
      const own = { sessionId, result: fetchToken(sessionId) };
      pending = own;
      try {
        return await own.result;
      } finally {
        if (pending === own) pending = undefined;
      }
    },
    invalidate(token) {
      if (cached?.token === token) cached = undefined;
    },
    renew() {
      cached = undefined;
      pending = undefined;
      lastCached = lastRequest;
    },
  };
}

/** Three parts of base64url (RFC 7515, 7.1): anything else might not even be valid in a header. */
const isToken = /^[\w-]+\.[\w-]+\.[\w-]+$/;

function toFailure(body: Partial<AuthFailure> | null): AuthFailure {
  const { code = 'SERVICE_UNAVAILABLE', httpStatus = 503 } = body ?? {};
  // Without JWT_TOKENS=on the service has no such route; the message of this code names the setting.
  const isMissing = code === 'NOT_THE_SERVICE' && httpStatus === 404;
  return { ...body, code: isMissing ? 'NO_API_TOKENS' : code, httpStatus };
}

/** Empty while the session is unknown. */
function sessionIdOf(state: SessionState): string {
  return state.status === 'signedIn' ? state.session.id : '';
}

/** The lifetime by the token's own times, because this machine's clock may be off. 0 if they cannot be read. */
function readClaims(token: string): { lifetimeMs: number; sub: string | undefined } {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { iat, exp, sub } = JSON.parse(atob(payload)) as Record<string, unknown>;
    const isTimed = typeof iat === 'number' && typeof exp === 'number';
    return {
      lifetimeMs: isTimed ? (exp - iat) * 1000 : 0,
      sub: typeof sub === 'string' ? sub : undefined,
    };
  } catch {
    return { lifetimeMs: 0, sub: undefined };
  }
}
