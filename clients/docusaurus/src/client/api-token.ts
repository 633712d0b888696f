/**
 * The JSON Web Token for the site's own API, for an API on a site of its own: no browser sends it the auth service's
 * cookie. Kept in memory, for the session it was made for, and replaced before it ends.
 */
import type { Fault } from './fault.js';
import type { SessionState } from './session-state.js';

export interface ApiTokens {
  /** A token that counts for a while yet; undefined where nobody is signed in; a fault where nobody can tell. */
  get(): Promise<string | Fault | undefined>;
  /** The API refused it: the next call asks for another. */
  drop(): void;
}

export interface ApiTokenDependencies {
  /** The auth service's, which sends the sign-in along and turns every failure into a fault. */
  readonly authFetch: typeof globalThis.fetch;
  readonly authUrl: string;
  readonly state: () => SessionState;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The token is of another user than the page shows: somebody else signed in meanwhile. */
  readonly onOtherUser?: () => void;
}

/** A call takes a moment, and clocks differ by some seconds. */
const marginMs = 30_000;

interface Kept {
  readonly sessionId: string;
  readonly token: string;
  readonly endsAt: number;
}

interface Asking {
  readonly sessionId: string;
  readonly answer: Promise<string | Fault | undefined>;
}

export function createApiTokens(dependencies: ApiTokenDependencies): ApiTokens {
  const { authFetch, authUrl, state, now, onOtherUser } = dependencies;
  let kept: Kept | undefined;
  /** Counts what makes an answer under way worthless: a token that was refused, another session. */
  let generation = 0;
  let asking: Asking | undefined;

  async function ask(sessionId: string): Promise<string | Fault | undefined> {
    const asked = generation;
    const response = await authFetch(`${authUrl}/api/auth/token`, { credentials: 'include' });
    if (response.status === 401) return undefined;
    // Cut off half-way, or JSON of something else: nobody was signed out.
    const body = (await response.json().catch(() => null)) as Partial<
      Fault & { token: unknown }
    > | null;
    if (!response.ok) return faultOf(body);
    const token = body?.token;
    if (typeof token !== 'string' || !isToken.test(token)) return faultOf(null);
    const { lifetimeMs, sub } = readClaims(token);
    const current = state();
    const isOther = current.status === 'signedIn' && sub !== undefined && sub !== current.user.id;
    if (isOther) onOtherUser?.();
    // Not kept: a late answer, and one of which it is not known whose session it is or is to be.
    const isCurrent = asked === generation && sessionOf(current) === sessionId && !isOther;
    if (sessionId !== '' && isCurrent) kept = { sessionId, token, endsAt: now() + lifetimeMs };
    return token;
  }

  return {
    async get() {
      if (state().status === 'signedOut') return undefined;
      const sessionId = sessionOf(state());
      if (kept?.sessionId === sessionId && kept.endsAt - marginMs > now()) return kept.token;
      // Calls at once share one question, though never with another session's.
      if (asking?.sessionId === sessionId) return asking.answer;
      const mine = { sessionId, answer: ask(sessionId) };
      asking = mine;
      try {
        return await mine.answer;
      } finally {
        if (asking === mine) asking = undefined;
      }
    },
    drop() {
      kept = asking = undefined;
      generation += 1;
    },
  };
}

/** Three parts of base64url (RFC 7515, 7.1): anything else might not even be a header. */
const isToken = /^[\w-]+\.[\w-]+\.[\w-]+$/;

function faultOf(body: Partial<Fault> | null): Fault {
  const { code = 'SERVICE_UNAVAILABLE', httpStatus = 503 } = body ?? {};
  // Without JWT_TOKENS=on the service has no such route; the sentence of this code names the setting.
  const isMissing = code === 'NOT_THE_SERVICE' && httpStatus === 404;
  return { ...body, code: isMissing ? 'NO_API_TOKENS' : code, httpStatus };
}

/** Empty while it is not known. */
function sessionOf(state: SessionState): string {
  return state.status === 'signedIn' ? state.session.id : '';
}

/** The lifetime by the token's own times, because this machine's clock may be off. 0 where they cannot be read. */
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
