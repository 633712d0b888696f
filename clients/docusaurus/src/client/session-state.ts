/** Who is signed in, in three answers and not two: yes, no, and "nobody can tell". */
import type { SessionNote } from './auth-fetch.js';
import { sentenceFor, type Fault, type Place } from './fault.js';

export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly image?: string | null | undefined;
}

export interface Session {
  readonly id: string;
  /** Names the session to `revokeSession`. Nothing that signs anybody in: that is the signed cookie alone. */
  readonly token: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly expiresAt: Date;
  readonly ipAddress?: string | null | undefined;
  readonly userAgent?: string | null | undefined;
}

export type SessionState =
  /** Not asked yet, or the answer is under way; so too while the site is built. */
  | { readonly status: 'loading' }
  /** `problem`: the last check failed, and says nothing against the session. */
  | {
      readonly status: 'signedIn';
      readonly user: User;
      readonly session: Session;
      readonly problem?: string;
    }
  /** `notice`: why, where the visitor did not sign out here. `problem`: the last check failed. */
  | { readonly status: 'signedOut'; readonly notice?: string; readonly problem?: string }
  /** The service could not be asked, and nothing was known before. */
  | { readonly status: 'unknown'; readonly problem: string };

export const loadingState: SessionState = { status: 'loading' };

/** Why the service could not be asked, if it could not. */
export function problemOf(state: SessionState): string | undefined {
  return 'problem' in state ? state.problem : undefined;
}

/** What BetterAuth's session store holds. */
export interface StoredSession {
  readonly data: { readonly user: User; readonly session: Session } | null;
  readonly error: unknown;
  readonly isPending: boolean;
  readonly isRefetching: boolean;
}

/** The state after an answer. While one is under way the state before it stays, so that no page flickers. */
export function nextSessionState(
  previous: SessionState,
  { data, error, isPending, isRefetching }: StoredSession,
  note: SessionNote,
  place: Place,
): SessionState {
  if (isPending || isRefetching) return previous;
  const fault = faultOf({ data, error }, note);
  if (fault !== undefined && fault.httpStatus !== 401) {
    const problem = sentenceFor(fault, place);
    if (data) return { status: 'signedIn', user: data.user, session: data.session, problem };
    if (previous.status === 'signedOut') return { ...previous, problem };
    return { status: 'unknown', problem };
  }
  if (data && !error) return { status: 'signedIn', user: data.user, session: data.session };
  const notice = endSentence(note.reason, previous);
  return notice === undefined ? { status: 'signedOut' } : { status: 'signedOut', notice };
}

/** A body that cannot be read, or is JSON of something else, comes without a fault of its own. */
function faultOf(
  { data, error }: Pick<StoredSession, 'data' | 'error'>,
  { fault }: SessionNote,
): Fault | undefined {
  if (fault) return fault;
  if (error) return { code: 'SERVICE_UNAVAILABLE', httpStatus: 503 };
  const isForeign = data !== null && typeof (data as Partial<typeof data>).user !== 'object';
  return isForeign ? { code: 'NOT_THE_SERVICE', httpStatus: 200 } : undefined;
}

function endSentence(reason: string | undefined, previous: SessionState): string | undefined {
  switch (reason) {
    case undefined:
    case 'no_credential':
      if (previous.status === 'signedIn') return 'You were signed out.';
      // The service cleared the cookie with the answer that told why.
      return previous.status === 'signedOut' ? previous.notice : undefined;
    case 'session_expired':
      return 'Your session has ended. Sign in again.';
    case 'session_not_found':
      return 'You were signed out elsewhere. Sign in again.';
    case 'user_not_found':
      return 'This account no longer exists.';
    default:
      return `Your sign-in is not accepted any more (${reason}). Sign in again.`;
  }
}
