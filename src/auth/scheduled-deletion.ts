/**
 * Accounts whose deletion is scheduled (`user.delete_after`, written by the feature delete-account, deleted by the sweep).
 * A sign-in calls the deletion off, whichever way in: here, where the session is created. It does so while the feature is
 * off too: otherwise the sweep would delete an account in use.
 */
import { and, eq, isNotNull } from 'drizzle-orm';
import { currentTransaction } from '../db/current-transaction.js';
import { user } from '../db/schema.js';
import { withErrorsRecorded } from './atomic-changes.js';
import type { AuthDependencies } from './auth-dependencies.js';

/** Lets BetterAuth read the column. No request can set it, and no response has it. */
export const scheduledDeletionField = {
  deleteAfter: { type: 'date', required: false, input: false, returned: false },
} as const;

/** @returns BetterAuth's hook before a session is created */
export function restoreScheduledUser({ orm, scopes, logger }: AuthDependencies) {
  return async function restore({ userId }: { readonly userId: string }): Promise<void> {
    const scope = scopes.getStore();
    // The usual case: the sign-in has read the user, so no statement is needed.
    if (scope?.unscheduledUserId === userId) return;
    const scheduled = and(eq(user.id, userId), isNotNull(user.deleteAfter));
    const restored = await withErrorsRecorded(
      scopes,
      currentTransaction(orm)
        .update(user)
        .set({ deleteAfter: null })
        .where(scheduled)
        .returning({ id: user.id }),
    );
    if (restored.length === 0) return;
    if (scope !== undefined) scope.hasRestoredAccount = true;
    const { requestId } = scope ?? {};
    logger.info({ userId, requestId }, 'account restored: its deletion was scheduled');
  };
}
