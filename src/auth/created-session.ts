/** Creates the session of a sign-in with a password: only while the password that was verified is still current. */
import { APIError } from 'better-auth/api';
import { sql, type SQL } from 'drizzle-orm';
import type { Orm } from '../db/client.js';
import { account, user } from '../db/schema.js';
import { findServerError } from '../log/error-chain.js';
import type { RequestScopes } from '../request-scope.js';
import { changeAdapter, type AdapterMethods, type CreateAdapter } from './change-adapter.js';
import { isPending } from './hide-pending-sessions.js';
import { isLocked, userLocked } from './locked-user.js';
import { ifPasswordUnchanged, isPasswordUnchanged, readHashLocked } from './verified-password.js';

/** Calls a scheduled deletion off. @returns whether one was scheduled */
type CallOffDeletion = (userId: string) => Promise<boolean>;

/**
 * Inserts a session only while the account has the verified password, no deletion is scheduled and the user is not locked:
 * one statement locks the rows of user and account, compares the hash and inserts. A concurrent change either commits
 * first and is seen here, or waits for this session and then revokes it with the others. Not in transactions: a session
 * that is created there follows the password change of the same transaction, whose row lock prevents another change, or
 * has locked the user.
 */
export function requireVerifiedPassword(
  create: CreateAdapter,
  orm: Orm,
  scopes: RequestScopes,
  restore: CallOffDeletion,
): CreateAdapter {
  return changeAdapter(create, ({ create: insert }, begin) =>
    begin === undefined ? {} : { create: createIfUnchanged(insert, orm, scopes, restore) },
  );
}

function createIfUnchanged(
  insert: AdapterMethods['create'],
  orm: Orm,
  scopes: RequestScopes,
  restore: CallOffDeletion,
): AdapterMethods['create'] {
  return async (query) => {
    const verified = query.model === 'session' ? scopes.getStore()?.verified : undefined;
    if (verified === undefined) return insert(query);
    const { userId } = query.data as unknown as { userId: string };
    // A scheduled deletion is called off by a complete sign-in only.
    const mayBeScheduled = isPending(query.data);
    const insertIfUnchanged = async () => {
      const data = {
        ...query.data,
        userId: userIfUnchanged(userId, verified.hash, mayBeScheduled),
      };
      return insert({ ...query, data }).catch((error: unknown) => {
        if (lacksUser(error)) return undefined;
        throw error;
      });
    };
    const readHash = readHashLocked(orm, userId);
    const created = await ifPasswordUnchanged(readHash, verified, async () => {
      const inserted = await insertIfUnchanged();
      if (inserted !== undefined) return inserted;
      // A deletion was scheduled since the sign-in has read the user: this sign-in calls it off.
      return !mayBeScheduled && (await restore(userId)) ? insertIfUnchanged() : undefined;
    });
    if (created === undefined) {
      // Locked since the sign-in has read the user. Who no longer knows the password does not learn of it.
      const isCurrent = await isPasswordUnchanged(readHash, verified);
      throw isCurrent && (await isLocked(orm, userId))
        ? userLocked(scopes.getStore())
        : wrongCredentials();
    }
    return created as never;
  };
}

/**
 * The user's id if the hash is still this one, otherwise NULL, which the table refuses. Locks the user first, like an
 * operator's set-password and every deletion, because the opposite order could deadlock.
 */
function userIfUnchanged(userId: string, hash: string, mayBeScheduled: boolean): SQL {
  const isUnscheduled = mayBeScheduled ? sql`` : sql`and delete_after is null`;
  return sql`(
    with owner as materialized (
      select id from ${user}
      where id = ${userId} and locked_at is null ${isUnscheduled} for key share
    )
    select user_id from ${account}
    where user_id = (select id from owner) and provider_id = 'credential' and password = ${hash}
    limit 1 for share)`;
}

/** Whether a session was refused because it would have no user (not_null_violation). */
function lacksUser(error: unknown): boolean {
  const { code, column } = findServerError(error) ?? {};
  return code === '23502' && column === 'user_id';
}

/** BetterAuth's response to a sign-in with a wrong password. */
function wrongCredentials(): APIError {
  return new APIError('UNAUTHORIZED', {
    code: 'INVALID_EMAIL_OR_PASSWORD',
    message: 'Invalid email or password',
  });
}
