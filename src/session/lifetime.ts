/** Session lifetimes: an idle timeout, extended by use (ASVS 7.3.1), and an absolute timeout (ASVS 7.3.2). */

export interface SessionLifetime {
  /** Idle timeout in seconds: how long a session lasts without being used. */
  readonly idleSeconds: number;
  /** Absolute timeout in seconds: how long after sign-in a session ends, however often it is used. */
  readonly absoluteSeconds: number;
  /** The age in seconds from which a use extends the session, so that not every use causes a write. */
  readonly refreshAfterSeconds: number;
}

/** The fields of a session that determine when it ends. */
export interface SessionTimes {
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** Set where an operator acts as the user. */
  readonly impersonatedBy?: string | null;
}

/** How long an operator may act as a user, however often the session is used. */
export const impersonationSeconds = 3_600;

/** When the session ends at the latest, however often it is used. */
export function absoluteExpiry(
  { createdAt, impersonatedBy }: Pick<SessionTimes, 'createdAt' | 'impersonatedBy'>,
  rules: SessionLifetime,
) {
  const isImpersonated = impersonatedBy !== undefined && impersonatedBy !== null;
  const seconds = isImpersonated
    ? Math.min(impersonationSeconds, rules.absoluteSeconds)
    : rules.absoluteSeconds;
  return new Date(createdAt.getTime() + seconds * 1000);
}

/**
 * Caps `expiresAt` at the absolute expiry, so that a lowered limit applies to existing rows too. `infinity` in the row is
 * read as an invalid date, which no comparison would ever treat as expired, so it is replaced as well.
 */
export function capExpiry<T extends SessionTimes>(session: T, rules: SessionLifetime): T {
  const end = absoluteExpiry(session, rules);
  if (session.expiresAt <= end) return session;
  return { ...session, expiresAt: Number.isNaN(end.getTime()) ? new Date(0) : end };
}

/** Whether a use can no longer extend the session by a second. Expects a session with capped expiry. */
export function isAtMaxLifetime(session: SessionTimes, rules: SessionLifetime): boolean {
  return absoluteExpiry(session, rules).getTime() - session.expiresAt.getTime() < 1000;
}

/** Whether a use at `now` extends the session, by the rules of BetterAuth 1.7.25 and of this service. Expects a session
 * with capped expiry. */
export function isRefreshDue(session: SessionTimes, rules: SessionLifetime, now: Date): boolean {
  const { idleSeconds, refreshAfterSeconds } = rules;
  const dueAt = session.expiresAt.getTime() - (idleSeconds - refreshAfterSeconds) * 1000;
  return dueAt <= now.getTime() && !isAtMaxLifetime(session, rules);
}
