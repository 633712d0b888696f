/**
 * Changes that BetterAuth makes in several statements, in an order that a failing database may cut where it
 * hurts. Here the decisive statement comes first, alone; what BetterAuth does after it then finds nothing left to do.
 */
import { and, eq, ne } from 'drizzle-orm';
import type { BetterAuthOptions } from 'better-auth';
import { APIError } from 'better-auth/api';
import type { Orm } from '../db/client.js';
import { session } from '../db/schema.js';
import { noteDatabaseError, type RequestScopes } from '../request-scope.js';
import { deleteUserWhileItStands } from './verified-password.js';

type DatabaseHooks = NonNullable<BetterAuthOptions['databaseHooks']>;
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
 * Ends the other sessions before the password changes. BetterAuth does it afterwards: cut in between, the user
 * reads an error, and the thief's session outlives the new password (ASVS 7.4.3).
 */
export function endOtherSessionsFirst(orm: Orm, scopes: RequestScopes): DatabaseHooks {
  return {
    account: {
      update: {
        async before(_account, ctx) {
          const body = ctx?.body as { revokeOtherSessions?: unknown } | undefined;
          const own = ctx?.context.session?.session;
          if (ctx?.path !== '/change-password' || !body?.revokeOtherSessions || !own) return;
          await endOtherSessions(orm, scopes, own);
        },
      },
    },
  };
}

/**
 * Ends every session of the user but this one, in one statement, however many there are. BetterAuth lists them and
 * ends what it has listed, one by one.
 */
export async function endOtherSessions(
  orm: Orm,
  scopes: RequestScopes,
  own: { userId: string; token: string },
): Promise<void> {
  const others = and(eq(session.userId, own.userId), ne(session.token, own.token));
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
