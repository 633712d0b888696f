/** What an operator may learn of a user and do to one. Gives out neither hash nor token. */
import { randomBytes } from 'node:crypto';
import { and, desc, eq, gt } from 'drizzle-orm';
import { isOutdatedHash } from '../auth/password.js';
import type { Orm } from '../db/client.js';
import { account, session, user } from '../db/schema.js';

export interface FoundUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly emailVerified: boolean;
  readonly createdAt: Date;
  /** `password`, or the provider's name. */
  readonly signInMethods: readonly string[];
  /** Whether the next sign-in renews the hash; undefined where there is no password. */
  readonly hasOlderHash: boolean | undefined;
  /** Live ones, the last used first. */
  readonly sessions: readonly {
    readonly createdAt: Date;
    /** To the day: use is written down once a day. */
    readonly lastUsedAt: Date;
    readonly expiresAt: Date;
    readonly ipAddress: string | null;
    readonly userAgent: string | null;
  }[];
}

export interface Users {
  find(email: string): Promise<FoundUser | undefined>;
  /** Gives the user this hash and ends all sessions, both or none. @returns how many sessions ended */
  setPassword(userId: string, hash: string): Promise<number>;
  /** @returns how many sessions ended */
  signOut(userId: string): Promise<number>;
  /** Accounts and sessions go with the user. @returns how many sessions ended */
  remove(userId: string): Promise<number>;
}

/** @param absoluteSeconds how long a session lasts at most (`SESSION_ABSOLUTE_DAYS`) */
export function createUsers(orm: Orm, now: () => Date, absoluteSeconds: number): Users {
  type Executor = Pick<Orm, 'delete'>;

  async function endSessions(executor: Executor, userId: string): Promise<number> {
    const ended = await executor
      .delete(session)
      .where(eq(session.userId, userId))
      .returning({ expiresAt: session.expiresAt, createdAt: session.createdAt });
    const time = now();
    const oldest = time.getTime() - absoluteSeconds * 1000;
    return ended.filter((row) => row.expiresAt > time && row.createdAt.getTime() > oldest).length;
  }

  return {
    async find(email) {
      const [found] = await orm.select().from(user).where(eq(user.email, email));
      if (found === undefined) return undefined;
      const accounts = await orm.select().from(account).where(eq(account.userId, found.id));
      const oldest = new Date(now().getTime() - absoluteSeconds * 1000);
      const isLive = and(gt(session.expiresAt, now()), gt(session.createdAt, oldest));
      const sessions = await orm
        .select({
          createdAt: session.createdAt,
          lastUsedAt: session.updatedAt,
          expiresAt: session.expiresAt,
          ipAddress: session.ipAddress,
          userAgent: session.userAgent,
        })
        .from(session)
        .where(and(eq(session.userId, found.id), isLive))
        .orderBy(desc(session.updatedAt));
      const { id, name, emailVerified, createdAt } = found;
      const hash = accounts.find(({ providerId }) => providerId === 'credential')?.password;
      return {
        id,
        email: found.email,
        name,
        emailVerified,
        createdAt,
        signInMethods: accounts.map(({ providerId }) =>
          providerId === 'credential' ? 'password' : providerId,
        ),
        hasOlderHash: hash ? isOutdatedHash(hash) : undefined,
        sessions,
      };
    },
    setPassword: (userId, hash) =>
      orm.transaction(async (tx) => {
        // A sign-in that verified the old password makes its session before this commits, unseen by the DELETE, and
        // sees the old hash still when it looks again (verified-password.ts). The foreign key of a session takes a lock
        // on its user: so it waits here until the new hash stands, or we wait until its session does.
        await tx.select({ id: user.id }).from(user).where(eq(user.id, userId)).for('update');
        const own = and(eq(account.userId, userId), eq(account.providerId, 'credential'));
        const changed = await tx
          .update(account)
          .set({ password: hash })
          .where(own)
          .returning({ id: account.id });
        if (changed.length === 0) {
          // Whoever signed in by a provider so far. The fields are as BetterAuth writes them at sign-up.
          const id = randomBytes(16).toString('hex');
          await tx
            .insert(account)
            .values({ id, accountId: userId, providerId: 'credential', userId, password: hash });
        }
        return endSessions(tx, userId);
      }),
    signOut: (userId) => endSessions(orm, userId),
    remove: (userId) =>
      orm.transaction(async (tx) => {
        const ended = await endSessions(tx, userId);
        await tx.delete(user).where(eq(user.id, userId));
        return ended;
      }),
  };
}
