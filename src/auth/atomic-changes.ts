/**
 * Changes that BetterAuth makes in several statements, which a database failure may interrupt at a harmful point. Here a
 * single statement makes the decisive change first; BetterAuth's own statements then find nothing left to do.
 */
import { and, eq, inArray, ne } from 'drizzle-orm';
import { APIError } from 'better-auth/api';
import type { Orm } from '../db/client.js';
import { session } from '../db/schema.js';
import { recordDatabaseError, type RequestScopes } from '../request-scope.js';
import { deleteUserIfPasswordUnchanged } from './verified-password.js';

type BeforeDelete = (user: { id: string }) => Promise<void>;

/**
 * Deletes a user in one statement; foreign keys cascade to sessions and accounts. BetterAuth deletes these one by one
 * before the user: a failure in between leaves a user without a password, who can neither sign in nor sign up.
 */
export function deleteUserAtomically(orm: Orm, scopes: RequestScopes): BeforeDelete {
  return async ({ id }) => {
    await withErrorsRecorded(
      scopes,
      deleteUserIfPasswordUnchanged(orm, id, scopes.getStore()?.verified),
    );
  };
}

/**
 * Revokes every session of a user except the given one, in one statement. BetterAuth revokes only the sessions that it has
 * listed, and at a password change it does so in the transaction that updates the password: if that fails, a stolen
 * session survives (ASVS 7.4.3).
 * @param token of the session to keep
 */
export async function revokeOtherSessionsFirst(
  orm: Orm,
  scopes: RequestScopes,
  token: string,
): Promise<void> {
  const owner = orm.select({ id: session.userId }).from(session).where(eq(session.token, token));
  const others = and(inArray(session.userId, owner), ne(session.token, token));
  await withErrorsRecorded(scopes, orm.delete(session).where(others));
}

/** Records the statement's error for the response (503), unless it is a response itself. */
export async function withErrorsRecorded<T>(
  scopes: RequestScopes,
  statement: PromiseLike<T>,
): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    if (!(error instanceof APIError)) recordDatabaseError(scopes.getStore(), error);
    throw error;
  }
}
