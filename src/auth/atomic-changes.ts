/**
 * Changes that BetterAuth makes in several statements, which a database failure may interrupt at a harmful point. Here a
 * single statement makes the decisive change first; BetterAuth's own statements then find nothing left to do.
 */
import { and, eq, inArray, ne } from 'drizzle-orm';
import { APIError } from 'better-auth/api';
import { session } from '../db/schema.js';
import { sessionsOf } from '../db/session-endings.js';
import { recordDatabaseError, type RequestScopes } from '../request-scope.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { endSessionsByRequest } from './ended-by-request.js';
import { lockOwner } from './link-rows.js';
import { refuseLastAdmin } from './refuse-last-admin.js';
import { deleteUserIfPasswordUnchanged } from './verified-password.js';

type Dependencies = Pick<AuthDependencies, 'config' | 'orm' | 'scopes' | 'audit'>;
type BeforeDelete = (user: { id: string }) => Promise<void>;

/**
 * Deletes a user in one transaction; foreign keys cascade to sessions and accounts. BetterAuth deletes these one by one
 * before the user: a failure in between leaves a user without a password, who can neither sign in nor sign up.
 */
export function deleteUserAtomically(dependencies: Dependencies): BeforeDelete {
  const { orm, scopes, audit } = dependencies;
  return async ({ id }) => {
    await withErrorsRecorded(
      scopes,
      orm.transaction(async (tx) => {
        // Locked first, so that no session is created between the two statements: its end would have no reason.
        await lockOwner(tx, id);
        await refuseLastAdmin(tx, id);
        await endSessionsByRequest(tx, dependencies, sessionsOf(id), 'user_deleted');
        if (!(await deleteUserIfPasswordUnchanged(tx, id, scopes.getStore()?.verified))) return;
        await audit?.record(tx, { kind: 'account_deletion', outcome: 'success', userId: id });
      }),
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
  dependencies: Dependencies,
  token: string,
): Promise<void> {
  const { orm, scopes } = dependencies;
  const owner = orm.select({ id: session.userId }).from(session).where(eq(session.token, token));
  const others = and(inArray(session.userId, owner), ne(session.token, token));
  await withErrorsRecorded(scopes, endSessionsByRequest(orm, dependencies, others));
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
