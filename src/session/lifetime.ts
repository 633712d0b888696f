/** How long sessions last: sliding with use (ASVS 7.3.1), and never past an absolute end (ASVS 7.3.2). */

export interface SessionLifetime {
  /** How long a session lasts without being used, in seconds. */
  readonly idleSeconds: number;
  /** How long after sign-in it ends however much it is used, in seconds. */
  readonly absoluteSeconds: number;
  /** The age from which a use extends it, in seconds: not each use is worth a write. */
  readonly refreshAfterSeconds: number;
}

/** What of a session decides over its end. */
export interface SessionTimes {
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** When the session ends at the latest, however much it is used. */
export function absoluteEnd(session: Pick<SessionTimes, 'createdAt'>, rules: SessionLifetime) {
  return new Date(session.createdAt.getTime() + rules.absoluteSeconds * 1000);
}

/**
 * The same session, ending at its absolute end where its row says later: a lowered limit holds for old rows too. A row
 * that says `infinity` is read as an invalid date, which no comparison would ever call expired.
 */
export function bounded<T extends SessionTimes>(session: T, rules: SessionLifetime): T {
  const end = absoluteEnd(session, rules);
  if (session.expiresAt <= end) return session;
  return { ...session, expiresAt: Number.isNaN(end.getTime()) ? new Date(0) : end };
}

/** Whether no use can extend the session by as much as a second. Expects a bounded session. */
export function isAtItsEnd(session: SessionTimes, rules: SessionLifetime): boolean {
  return absoluteEnd(session, rules).getTime() - session.expiresAt.getTime() < 1000;
}

/** Whether a use at `now` extends the session, by BetterAuth 1.7.25's rule and ours. Expects a bounded session. */
export function isRefreshDue(session: SessionTimes, rules: SessionLifetime, now: Date): boolean {
  const { idleSeconds, refreshAfterSeconds } = rules;
  const dueAt = session.expiresAt.getTime() - (idleSeconds - refreshAfterSeconds) * 1000;
  return dueAt <= now.getTime() && !isAtItsEnd(session, rules);
}
