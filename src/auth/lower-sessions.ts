/** What the removal of a second factor does to the sessions of its user. */
import { and, eq } from 'drizzle-orm';
import type { OrmOrTransaction } from '../db/client.js';
import { session } from '../db/schema.js';
import type { FeatureSettings } from '../features/definitions.js';
import { hasSecondFactor } from '../features/second-factors.js';

/**
 * After a factor was removed: without any, no session of the user is of level 2 any more. It could be renewed with the
 * password for as long as the session lives, and would claim an authenticator that nobody has (docs/step-up.md).
 * @param tx in which the user is locked
 */
export async function lowerSessionsWithoutFactor(
  tx: OrmOrTransaction,
  settings: FeatureSettings,
  userId: string,
): Promise<void> {
  if (await hasSecondFactor(tx, settings, userId)) return;
  const raised = and(eq(session.userId, userId), eq(session.aal, 2));
  await tx.update(session).set({ aal: 1 }).where(raised);
}
