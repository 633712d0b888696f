/** One get-session request, with everything that its response says: body, reason and failure. */
import type { SessionMeta } from './auth-fetch.js';
import type { Session, User } from './session.js';

/** Signed in (`data`), signed out (`data: null`), or unknown (`failure`). */
export interface SessionResult extends SessionMeta {
  readonly data: { readonly user: User; readonly session: Session } | null;
  /** The second factors with which a sign-in can be finished, where its answer named them. */
  readonly methods?: readonly string[] | undefined;
  /** Why the session ended, for its user. */
  readonly endedNotice?: string | undefined;
}

export type SessionQuery = (signal?: AbortSignal) => Promise<SessionResult>;

/**
 * @param authFetch creates a `fetch` that turns every failure into JSON with a code, and reports what the response says
 * apart from its body
 */
export function createSessionQuery(
  authFetch: (onSession: (meta: SessionMeta) => void) => typeof globalThis.fetch,
  authUrl: string,
): SessionQuery {
  return async function querySession(signal) {
    let meta: SessionMeta = {};
    const fetch = authFetch((next) => (meta = next));
    try {
      const response = await fetch(`${authUrl}/api/auth/get-session`, {
        credentials: 'include',
        cache: 'no-store',
        headers: { accept: 'application/json' },
        ...(signal && { signal }),
      });
      if (meta.failure) return await withEndedNotice({ ...meta, data: null });
      const body: unknown = await response.json();
      if (body === null) return await withEndedNotice({ ...meta, data: null });
      const data = readSession(body);
      return data === undefined
        ? { data: null, failure: { code: 'NOT_THE_SERVICE', httpStatus: response.status } }
        : { ...meta, data };
    } catch {
      return { data: null, failure: { code: 'SERVICE_UNAVAILABLE', httpStatus: 503 } };
    }
  };
}

/** The texts are loaded when a session has ended: most pages need none of them. */
async function withEndedNotice(result: SessionResult): Promise<SessionResult> {
  const reason = result.reason ?? result.failure?.reason;
  if (!reason?.startsWith('session_') && !reason?.startsWith('user_')) return result;
  try {
    const { endedNotice } = await import('./ended-notices.js');
    return { ...result, endedNotice: endedNotice(reason) };
  } catch {
    return result; // a new version of the site is published: the reason itself is shown
  }
}

/** Undefined if the JSON is not from BetterAuth. */
function readSession(body: unknown): SessionResult['data'] | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { user, session } = body as { user?: unknown; session?: unknown };
  if (user === null && session === null) return null;
  if (!isObject(user) || !isObject(session)) return undefined;
  const dates = ['createdAt', 'updatedAt', 'expiresAt'].flatMap((name) =>
    typeof session[name] === 'string' ? [[name, new Date(session[name])]] : [],
  );
  return {
    user: user as unknown as User,
    session: { ...session, ...Object.fromEntries(dates) } as unknown as Session,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
