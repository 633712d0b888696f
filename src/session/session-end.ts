/** How a session ended: remembered for as long as its cookie could live, so that a check of the cookie can say it. */

/** The reasons that a session can end with. A sign-in whose second factor was not given in time is `session_expired`. */
export const endReasons = [
  'session_signed_out',
  'session_revoked',
  'session_replaced',
  'session_ended_by_password_change',
  'session_ended_by_reset',
  'session_ended_by_operator',
  'session_idle',
  'session_absolute',
  'session_expired',
  'user_locked',
  'user_deleted',
] as const;

export type EndReason = (typeof endReasons)[number];

export interface SessionEnd {
  readonly reason: EndReason;
  readonly at: Date;
  /** The browser of the request that ended the session, like `Firefox on Linux`; undefined if no request did. */
  readonly device?: string | undefined;
  /** Fingerprint of the session whose request did, for the log. */
  readonly bySession?: string | undefined;
}

/** Finds how the session with this token ended; undefined if no such session has ended here. */
export type FindEnding = (token: string) => Promise<SessionEnd | undefined>;

export function isEndReason(value: string): value is EndReason {
  return (endReasons as readonly string[]).includes(value);
}
