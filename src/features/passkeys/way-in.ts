/** Passkeys, as what removes or counts all ways to sign in sees them. */
import { and, count, eq, gte } from 'drizzle-orm';
import type { OrmOrTransaction } from '../../db/client.js';
import { passkey } from './tables.js';

export const wayIn = {
  feature: 'passkeys',
  async count(db: OrmOrTransaction, userId: string): Promise<number> {
    const [row] = await db
      .select({ passkeys: count() })
      .from(passkey)
      .where(eq(passkey.userId, userId));
    return row?.passkeys ?? 0;
  },
  /** @param since removes only those that were added after it */
  async removeAll(tx: OrmOrTransaction, userId: string, since?: Date): Promise<number> {
    const isOwn = eq(passkey.userId, userId);
    const removed = await tx
      .delete(passkey)
      .where(since === undefined ? isOwn : and(isOwn, gte(passkey.createdAt, since)))
      .returning({ id: passkey.id });
    return removed.length;
  },
} as const;
