/**
 * Changes that BetterAuth makes in several statements, in an order that a failing database may cut where it
 * hurts. Here the decisive statement comes first, alone; what BetterAuth does after it then finds nothing left to do.
 */
import { and, eq, inArray, ne } from 'drizzle-orm';
import { APIError } from 'better-auth/api';
import type { Orm } from '../db/client.js';
import { session } from '../db/schema.js';
import { noteDatabaseError, type RequestScopes } from '../request-scope.js';
import { deleteUserWhileItStands } from './verified-password.js';

type BeforeDelete = (user: { id: string }) => Promise<void>;

/**
 * Deletes a user in one statement; sessions and accounts go with it by their foreign keys. BetterAuth deletes them
 * one by one before the user: cut in between, a user without a password remains, who can neither sign in nor up.
 */
export function deleteUserAtOnce(orm: Orm, scopes: RequestScopes): BeforeDelete {
  return async ({ id }) => {
    await noted(scopes, deleteUserWhileItStands(orm, id, scopes.getStore()?.verified));
  };
}

/**
 * Ends every session of a user except the given one, in one statement. BetterAuth ends only the sessions that it has
 * listed, and on a password change it does so in the transaction that updates the password: when that fails, a stolen
 * session would survive (ASVS 7.4.3).
 * @param token of the session to keep
 */
export async function endOtherSessions(
  orm: Orm,
  scopes: RequestScopes,
  token: string,
): Promise<void> {
  const owner = orm.select({ id: session.userId }).from(session).where(eq(session.token, token));
  const others = and(inArray(session.userId, owner), ne(session.token, token));
  await noted(scopes, orm.delete(session).where(others));
}

async function noted<T>(scopes: RequestScopes, statement: PromiseLike<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    if (!(error instanceof APIError)) noteDatabaseError(scopes.getStore(), error);
    throw error;
  }
}
