/** One question who is signed in, and everything that its answer says: body, reason and fault belong together. */
import type { SessionNote } from './auth-fetch.js';
import type { Session, User } from './session.js';

/** What the service answered: somebody, nobody (`data: null`), or a fault and nobody can tell. */
export interface SessionAnswer extends SessionNote {
  readonly data: { readonly user: User; readonly session: Session } | null;
}

export type SessionQuery = (signal?: AbortSignal) => Promise<SessionAnswer>;

/**
 * @param authFetch turns every failure into JSON of a fault
 * @param lastNote what the newest answer of get-session told besides its body
 */
export function createSessionQuery(
  authFetch: (onSession: (note: SessionNote) => void) => typeof globalThis.fetch,
  authUrl: string,
): SessionQuery {
  return async function querySession(signal) {
    let note: SessionNote = {};
    const fetch = authFetch((told) => (note = told));
    try {
      const response = await fetch(`${authUrl}/api/auth/get-session`, {
        credentials: 'include',
        cache: 'no-store',
        headers: { accept: 'application/json' },
        ...(signal && { signal }),
      });
      if (note.fault) return { ...note, data: null };
      const body: unknown = await response.json();
      if (body === null) return { ...note, data: null };
      const data = readSession(body);
      return data === undefined
        ? { data: null, fault: { code: 'NOT_THE_SERVICE', httpStatus: response.status } }
        : { ...note, data };
    } catch {
      return { data: null, fault: { code: 'SERVICE_UNAVAILABLE', httpStatus: 503 } };
    }
  };
}

/** Undefined where the JSON is of something else than BetterAuth. */
function readSession(body: unknown): SessionAnswer['data'] | undefined {
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
