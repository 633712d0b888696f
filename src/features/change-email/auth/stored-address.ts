/** Writes the address of an account within a transaction. */
import { and, eq, ne } from 'drizzle-orm';
import { uniqueViolation } from '../../../db/database-error.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { user } from '../../../db/schema.js';

/** @returns false if another account has the address; after a concurrent sign-up the transaction must be rolled back */
export async function storeAddress(
  tx: OrmOrTransaction,
  userId: string,
  changes: { readonly email: string; readonly emailVerified: boolean },
): Promise<boolean> {
  const other = and(eq(user.email, changes.email), ne(user.id, userId));
  const others = await tx.select({ id: user.id }).from(user).where(other).limit(1);
  if (others.length > 0) return false;
  try {
    await tx.update(user).set(changes).where(eq(user.id, userId));
    return true;
  } catch (error) {
    if (uniqueViolation(error) === undefined) throw error;
    return false;
  }
}

/** Whether the account has proven its present address. */
export async function isProven(tx: OrmOrTransaction, userId: string): Promise<boolean> {
  const rows = await tx
    .select({ isProven: user.emailVerified })
    .from(user)
    .where(eq(user.id, userId));
  return rows[0]?.isProven === true;
}
