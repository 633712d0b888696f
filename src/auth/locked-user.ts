/**
 * Users whom an operator has locked (`npm run user -- lock`): no way in creates a session for them. They are refused where
 * the session is created, after the first factor was verified, so that nobody else learns of the lock.
 */
import { APIError } from 'better-auth/api';
import { eq } from 'drizzle-orm';
import type { OrmOrTransaction } from '../db/client.js';
import { currentTransaction } from '../db/current-transaction.js';
import { user } from '../db/schema.js';
import { errorTable } from '../errors.js';
import { signUpPath } from './auth-constants.js';
import { withErrorsRecorded } from './atomic-changes.js';
import type { AuthDependencies } from './auth-dependencies.js';

/** Lets BetterAuth read the column. No request can set it, and no response has it. */
export const lockedField = {
  lockedAt: { type: 'date', required: false, input: false, returned: false },
} as const;

export function createLockCheck({ orm, scopes }: Pick<AuthDependencies, 'orm' | 'scopes'>) {
  return {
    /**
     * BetterAuth's hook before a session is created.
     * @throws APIError 403
     */
    async beforeSession(
      { userId }: { readonly userId: string },
      ctx: { readonly path?: string } | null,
    ): Promise<void> {
      const scope = scopes.getStore();
      if (scope?.lockedUserId === userId) throw userLocked();
      const db = currentTransaction(orm);
      // A sign-in with a password has no transaction: created-session.ts inserts its session for an unlocked user only.
      const isCheckedAtInsert = db === orm && scope?.verified !== undefined;
      // A new user is not locked.
      if (isCheckedAtInsert || ctx?.path === signUpPath) return;
      if (await withErrorsRecorded(scopes, isLocked(db, userId))) throw userLocked();
    },
  };
}

/** Waits for a transaction that is locking or unlocking the user; in a transaction, none can until it ends. */
export async function isLocked(db: OrmOrTransaction, userId: string): Promise<boolean> {
  // Not as a condition of the statement: a row that is about to be locked does not match, and would not be waited for.
  const query = db.select({ lockedAt: user.lockedAt }).from(user).where(eq(user.id, userId));
  return (await query.for('key share')).some(({ lockedAt }) => lockedAt !== null);
}

export function userLocked(): APIError {
  const { message } = errorTable.USER_LOCKED;
  return new APIError('FORBIDDEN', { code: 'USER_LOCKED', message });
}
