/** Deletes what the feature stores for a user, whether it is on or off. Within a transaction that has locked the user. */
import { and, eq, gte, like } from 'drizzle-orm';
import type { OrmOrTransaction } from '../../db/client.js';
import { user, verification } from '../../db/schema.js';
import { backupCode, totpSecret } from './tables.js';

/** What the identifiers of trusted devices begin with. */
export const deviceKind = 'trusted-device';

/**
 * @param since removes only an app that was set up after it
 * @returns whether the user had such an app
 */
export async function removeFactors(
  tx: OrmOrTransaction,
  userId: string,
  since?: Date,
): Promise<boolean> {
  if (since !== undefined) {
    const isRecent = and(eq(totpSecret.userId, userId), gte(totpSecret.confirmedAt, since));
    const recent = await tx.select({ id: totpSecret.userId }).from(totpSecret).where(isRecent);
    if (recent.length === 0) return false;
  }
  const ofUser = and(
    eq(verification.value, userId),
    like(verification.identifier, `${deviceKind}|%`),
  );
  await tx.delete(verification).where(ofUser);
  await tx.delete(backupCode).where(eq(backupCode.userId, userId));
  await tx.delete(totpSecret).where(eq(totpSecret.userId, userId));
  const hadOne = and(eq(user.id, userId), eq(user.twoFactorEnabled, true));
  const removed = await tx
    .update(user)
    .set({ twoFactorEnabled: false })
    .where(hadOne)
    .returning({ id: user.id });
  return removed.length > 0;
}
