/**
 * Accounts whose deletion is scheduled (`user.delete_after`, written by the feature delete-account, deleted by the sweep).
 * A sign-in calls the deletion off, whichever way in: here, where the session is created. It does so while the feature is
 * off too: otherwise the sweep would delete an account in use.
 */
import { and, eq, isNotNull, isNull } from 'drizzle-orm';
import type { OrmOrTransaction } from '../db/client.js';
import { currentTransaction } from '../db/current-transaction.js';
import { user } from '../db/schema.js';
import { withErrorsRecorded } from './atomic-changes.js';
import type { AuthDependencies } from './auth-dependencies.js';

/** Lets BetterAuth read the column. No request can set it, and no response has it. */
export const scheduledDeletionField = {
  deleteAfter: { type: 'date', required: false, input: false, returned: false },
} as const;

export function createScheduledRestore({ orm, scopes, logger, audit }: AuthDependencies) {
  /** Calls the scheduled deletion off. @returns whether one was scheduled */
  async function restore(userId: string): Promise<boolean> {
    const tx = currentTransaction(orm);
    const isRestored = await withErrorsRecorded(
      scopes,
      tx === orm ? orm.transaction((own) => restoreIn(own, userId)) : restoreIn(tx, userId),
    );
    if (!isRestored) return false;
    const scope = scopes.getStore();
    if (scope !== undefined) scope.hasRestoredAccount = true;
    const { requestId } = scope ?? {};
    logger.info({ userId, requestId }, 'account restored: its deletion was scheduled');
    return true;
  }

  async function restoreIn(tx: OrmOrTransaction, userId: string): Promise<boolean> {
    const scheduled = and(eq(user.id, userId), isNotNull(user.deleteAfter), isNull(user.lockedAt));
    const update = tx.update(user).set({ deleteAfter: null }).where(scheduled);
    if ((await update.returning({ id: user.id })).length === 0) return false;
    await audit?.record(tx, { kind: 'account_restore', outcome: 'success', userId });
    return true;
  }

  return {
    restore,

    /** BetterAuth's hook before a session is created. */
    async beforeSession(
      { userId }: { readonly userId: string },
      ctx: { readonly path?: string } | null,
    ): Promise<void> {
      // The usual cases need no statement. A new user has no deletion, and a sign-in with a password has read the user:
      // what is scheduled since then is seen where its session is inserted (verified-password.ts). A transaction has
      // locked the user, perhaps after that was read.
      const isLocked = currentTransaction(orm) !== orm && ctx?.path !== '/sign-up/email';
      if (!isLocked && scopes.getStore()?.unscheduledUserId === userId) return;
      await restore(userId);
    },
  };
}
