/** Operations on users for operators. Never returns a password hash or a token. */
import { randomBytes } from 'node:crypto';
import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { lockOwner } from '../auth/link-rows.js';
import { isOutdatedHash } from '../auth/password.js';
import type { Orm, OrmOrTransaction } from '../db/client.js';
import { requireOtherAdmin } from '../db/last-admin.js';
import type { RecordOperation } from './audit.js';
import { describeSecondFactors, removeSecondFactors } from '../features/second-factors.js';
import { rolesOf } from '../roles.js';
import { endSessions, isLive, sessionsOf } from '../db/session-endings.js';
import type { EndReason } from '../session/reasons.js';
import { account, mailedLink, session, user, verification } from '../db/schema.js';

export interface FoundUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly emailVerified: boolean;
  readonly createdAt: Date;
  /** When the sweep deletes the account unless the user signs in before; null if no deletion is scheduled. */
  readonly deleteAfter: Date | null;
  /** Such as `admin`. */
  readonly roles: readonly string[];
  /** Since when every sign-in is refused; null if the user is not locked. */
  readonly lockedAt: Date | null;
  /** `password` or a provider's name. */
  readonly signInMethods: readonly string[];
  /** Whether the next sign-in replaces the hash; undefined if there is no password. */
  readonly hasOlderHash: boolean | undefined;
  /** What the user has enrolled, in words. */
  readonly secondFactors: readonly string[];
  /** Live sessions, most recently used first. */
  readonly sessions: readonly {
    readonly createdAt: Date;
    /** Accurate to a day: it is updated once a day. */
    readonly lastUsedAt: Date;
    readonly expiresAt: Date;
    readonly ipAddress: string | null;
    readonly userAgent: string | null;
  }[];
}

export interface Users {
  find(email: string): Promise<FoundUser | undefined>;
  /** Sets this hash and ends all sessions, atomically. @returns the number of ended live sessions */
  setPassword(userId: string, hash: string): Promise<number>;
  /** @returns the number of ended live sessions */
  signOut(userId: string): Promise<number>;
  /**
   * Ends all sessions, and refuses every sign-in from now on, atomically.
   * @returns the number of ended live sessions
   * @throws LastAdminError
   */
  lock(userId: string): Promise<number>;
  /**
   * Undoes `lock`, and lifts the limits.
   * @param liftLimits deletes the counters that hold the account back, and returns how many there were
   */
  unlock(userId: string, liftLimits: (tx: OrmOrTransaction) => Promise<number>): Promise<Unlocked>;
  /**
   * Removes all second factors and ends all sessions, atomically.
   * @param notify writes the mail to the owner in the same transaction
   */
  removeFactors(
    userId: string,
    notify: (tx: OrmOrTransaction) => Promise<void>,
  ): Promise<RemovedFactors>;
  /** Also deletes accounts and sessions. @returns the number of ended live sessions @throws LastAdminError */
  remove(userId: string): Promise<number>;
}

interface Unlocked {
  readonly wasLocked: boolean;
  /** How many counters there were. */
  readonly limitsLifted: number;
}

interface RemovedFactors {
  /** The names of those that the user had. */
  readonly removed: readonly string[];
  /** The number of live sessions that ended. */
  readonly sessionsEnded: number;
}

/**
 * @param absoluteSeconds maximum lifetime of a session (`SESSION_ABSOLUTE_DAYS`)
 * @param record where each change is recorded; nowhere by default
 */
export function createUsers(orm: Orm, absoluteSeconds: number, record?: RecordOperation): Users {
  async function endSessionsOf(
    db: OrmOrTransaction,
    userId: string,
    reason: EndReason = 'session_ended_by_operator',
  ): Promise<number> {
    const ended = await endSessions(db, sessionsOf(userId), { reason }, { absoluteSeconds });
    return ended.filter(({ wasActive }) => wasActive).length;
  }

  const isSignedIn = and(isLive({ absoluteSeconds }), isNull(session.secondFactorDue));

  return {
    async find(email) {
      const [found] = await orm.select().from(user).where(eq(user.email, email));
      if (found === undefined) return undefined;
      const accounts = await orm.select().from(account).where(eq(account.userId, found.id));
      const sessions = await orm
        .select({
          createdAt: session.createdAt,
          lastUsedAt: session.updatedAt,
          expiresAt: session.expiresAt,
          ipAddress: session.ipAddress,
          userAgent: session.userAgent,
        })
        .from(session)
        .where(and(eq(session.userId, found.id), isSignedIn))
        .orderBy(desc(session.updatedAt));
      const { id, name, emailVerified, createdAt, deleteAfter, lockedAt } = found;
      const hash = accounts.find(({ providerId }) => providerId === 'credential')?.password;
      return {
        id,
        email: found.email,
        name,
        emailVerified,
        createdAt,
        deleteAfter,
        roles: rolesOf(found.role),
        lockedAt,
        // The password is null after a change of the address was undone, until the user has chosen a new one.
        signInMethods: accounts
          .filter(({ providerId, password }) => providerId !== 'credential' || password !== null)
          .map(({ providerId }) => (providerId === 'credential' ? 'password' : providerId)),
        hasOlderHash: hash ? isOutdatedHash(hash) : undefined,
        secondFactors: await describeSecondFactors(orm, id),
        sessions,
      };
    },
    setPassword: (userId, hash) =>
      orm.transaction(async (tx) => {
        // Without this lock, a concurrent sign-in that verified the old password could insert its session before this
        // commits: the DELETE would not see it, and the sign-in would still see the old hash when it checks again
        // (verified-password.ts). Inserting a session locks its user through the foreign key, so either that sign-in
        // waits for the new hash, or this waits for its session.
        await tx.select({ id: user.id }).from(user).where(eq(user.id, userId)).for('update');
        const own = and(eq(account.userId, userId), eq(account.providerId, 'credential'));
        const changed = await tx
          .update(account)
          .set({ password: hash })
          .where(own)
          .returning({ id: account.id });
        if (changed.length === 0) {
          // The user only signed in through a provider so far. The fields are as BetterAuth writes them at sign-up.
          const id = randomBytes(16).toString('hex');
          await tx
            .insert(account)
            .values({ id, accountId: userId, providerId: 'credential', userId, password: hash });
        }
        // As after a reset by mail: trusted devices may belong to somebody who knew the old password.
        await tx.delete(verification).where(eq(verification.value, userId));
        await record?.(tx, { kind: 'password_set', userId });
        return endSessionsOf(tx, userId);
      }),
    signOut: (userId) =>
      orm.transaction(async (tx) => {
        const ended = await endSessionsOf(tx, userId);
        await record?.(tx, { kind: 'sessions_end', userId, details: { ended } });
        return ended;
      }),
    lock: (userId) =>
      orm.transaction(async (tx) => {
        // A sign-in that is under way either waits for this lock, and is then refused, or has its session ended here.
        await lockOwner(tx, userId);
        await requireOtherAdmin(tx, userId);
        const isUnlocked = and(eq(user.id, userId), isNull(user.lockedAt));
        await tx
          .update(user)
          .set({ lockedAt: sql`statement_timestamp()` })
          .where(isUnlocked);
        await record?.(tx, { kind: 'user_lock', userId });
        return endSessionsOf(tx, userId, 'user_locked');
      }),
    unlock: (userId, liftLimits) =>
      orm.transaction(async (tx) => {
        await lockOwner(tx, userId);
        const isLocked = and(eq(user.id, userId), isNotNull(user.lockedAt));
        const unlocked = tx.update(user).set({ lockedAt: null }).where(isLocked);
        const wasLocked = (await unlocked.returning({ id: user.id })).length > 0;
        const limitsLifted = await liftLimits(tx);
        if (wasLocked) await record?.(tx, { kind: 'user_unlock', userId });
        await record?.(tx, { kind: 'limits_lift', userId, details: { limitsLifted } });
        return { wasLocked, limitsLifted };
      }),
    removeFactors: (userId, notify) =>
      orm.transaction(async (tx) => {
        await lockOwner(tx, userId);
        const removed = await removeSecondFactors(tx, userId);
        // Nothing was changed for a user who has none, so there is nothing to report.
        if (removed.length > 0) {
          await notify(tx);
          await record?.(tx, { kind: 'factor_remove', userId, details: { factors: removed } });
        }
        return { removed, sessionsEnded: await endSessionsOf(tx, userId) };
      }),
    remove: (userId) =>
      orm.transaction(async (tx) => {
        await lockOwner(tx, userId);
        await requireOtherAdmin(tx, userId);
        const ended = await endSessionsOf(tx, userId, 'user_deleted');
        // These have no foreign key. A link may hold an address.
        await tx.delete(mailedLink).where(eq(mailedLink.userId, userId));
        await tx.delete(verification).where(eq(verification.value, userId));
        await tx.delete(user).where(eq(user.id, userId));
        await record?.(tx, { kind: 'account_deletion', userId });
        return ended;
      }),
  };
}
